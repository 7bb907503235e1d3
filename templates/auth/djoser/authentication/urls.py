from django.urls import path

from authentication.login import TokenCreateView, TokenDestroyView
from authentication.users import PasswordResetViewSet, UserViewSet

# Including `djoser.urls` would expose more: activation, changing usernames and so on.
urlpatterns = [
    path("users/", UserViewSet.as_view({"get": "list", "post": "create"}), name="user-list"),
    path(
        "users/me/",
        UserViewSet.as_view({"get": "me", "patch": "me", "delete": "me"}),
        name="user-me",
    ),
    path(
        "users/set_password/",
        UserViewSet.as_view({"post": "set_password"}),
        name="user-set-password",
    ),
    path(
        "users/reset_password/",
        PasswordResetViewSet.as_view({"post": "reset_password"}),
        name="user-reset-password",
    ),
    path(
        "users/reset_password_confirm/",
        PasswordResetViewSet.as_view({"post": "reset_password_confirm"}),
        name="user-reset-password-confirm",
    ),
    path("token/login/", TokenCreateView.as_view(), name="login"),
    path("token/logout/", TokenDestroyView.as_view(), name="logout"),
]
