from django.urls import path
from rest_framework_simplejwt.views import (
    TokenBlacklistView,
    TokenObtainPairView,
    TokenRefreshView,
    TokenVerifyView,
)

from authentication import views
from config.throttling import LoginThrottle

urlpatterns = [
    path(
        "token/",
        TokenObtainPairView.as_view(throttle_classes=[LoginThrottle]),
        name="token-obtain",
    ),
    path("token/refresh/", TokenRefreshView.as_view(), name="token-refresh"),
    path("token/verify/", TokenVerifyView.as_view(), name="token-verify"),
    path("token/blacklist/", TokenBlacklistView.as_view(), name="token-blacklist"),
    path("logout-all/", views.LogoutAllView.as_view(), name="logout-all"),
    path("register/", views.RegisterView.as_view(), name="register"),
    path("password/", views.PasswordView.as_view(), name="password"),
]
