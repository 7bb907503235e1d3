from django.urls import path

from authentication.authenticators import CSRFProtection
from authentication.login import CSRFTokenView, LoginView, LogoutView, PasswordChangeView
from authentication.registration import RegistrationView

urlpatterns = [
    path("csrf/", CSRFTokenView.as_view(), name="csrf"),
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path(
        "register/",
        RegistrationView.as_view(authentication_classes=[CSRFProtection]),
        name="register",
    ),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
]
