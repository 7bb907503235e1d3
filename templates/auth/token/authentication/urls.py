from django.urls import path

from authentication.login import LoginView, LogoutView
from authentication.passwords import (
    PasswordChangeView,
    PasswordResetConfirmView,
    PasswordResetView,
)
from authentication.registration import RegistrationView

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", RegistrationView.as_view(), name="register"),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
    path("password/reset/", PasswordResetView.as_view(), name="password-reset"),
    path(
        "password/reset/confirm/",
        PasswordResetConfirmView.as_view(),
        name="password-reset-confirm",
    ),
]
