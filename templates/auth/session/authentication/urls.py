from django.urls import path

from authentication.authenticators import CSRFProtection
from authentication.login import CSRFTokenView, LoginView, LogoutView, PasswordChangeView
from authentication.passwords import PasswordResetConfirmView, PasswordResetView
from authentication.registration import RegistrationView

# Anonymous requests need the CSRF token, too.
anonymous = {"authentication_classes": [CSRFProtection]}

urlpatterns = [
    path("csrf/", CSRFTokenView.as_view(), name="csrf"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", RegistrationView.as_view(**anonymous), name="register"),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
    path("password/reset/", PasswordResetView.as_view(**anonymous), name="password-reset"),
    path(
        "password/reset/confirm/",
        PasswordResetConfirmView.as_view(**anonymous),
        name="password-reset-confirm",
    ),
]
