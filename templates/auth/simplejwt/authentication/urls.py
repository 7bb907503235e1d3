from django.urls import path

from authentication.login import TokenObtainView
from authentication.logout import LogoutAllView, TokenBlacklistView
from authentication.passwords import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetView,
)
from authentication.registration import RegistrationView
from authentication.tokens import TokenRefreshView, TokenVerifyView

urlpatterns = [
    path("token/", TokenObtainView.as_view(), name="login"),
    path("token/refresh/", TokenRefreshView.as_view(), name="token-refresh"),
    path("token/verify/", TokenVerifyView.as_view(), name="token-verify"),
    path("token/blacklist/", TokenBlacklistView.as_view(), name="token-blacklist"),
    path("logout-all/", LogoutAllView.as_view(), name="logout-all"),
    path("register/", RegistrationView.as_view(), name="register"),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
    path("password/reset/", PasswordResetView.as_view(), name="password-reset"),
    path(
        "password/reset/confirm/",
        PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
]
