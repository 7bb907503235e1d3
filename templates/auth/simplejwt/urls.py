from django.urls import path

from authentication import views

urlpatterns = [
    path("token/", views.TokenObtainView.as_view(), name="token-obtain"),
    path("token/refresh/", views.TokenRefreshView.as_view(), name="token-refresh"),
    path("token/verify/", views.TokenVerifyView.as_view(), name="token-verify"),
    path("token/blacklist/", views.TokenBlacklistView.as_view(), name="token-blacklist"),
    path("logout-all/", views.LogoutAllView.as_view(), name="logout-all"),
    path("register/", views.RegisterView.as_view(), name="register"),
    path("password/", views.PasswordView.as_view(), name="password"),
]
