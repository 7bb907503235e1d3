from django.urls import path

from authentication.login import LoginView, LogoutView
from authentication.passwords import PasswordChangeView
from authentication.registration import RegistrationView

urlpatterns = [
    path("login/", LoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("register/", RegistrationView.as_view(), name="register"),
    path("password/", PasswordChangeView.as_view(), name="password-change"),
]
