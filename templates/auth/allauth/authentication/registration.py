from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User


class SignupForm(forms.Form):
    """Extend allauth's form for a sign-up: see `ACCOUNT_SIGNUP_FORM_CLASS`."""

    def clean(self) -> None:
        """Compare the password with the name and address, which allauth's API does not do."""
        data = self.cleaned_data
        user = User(username=data.get("username", ""), email=data.get("email", ""))
        if password := data.get("password"):
            try:
                validate_password(password, user)
            except ValidationError as error:
                self.add_error("password", error)

    def signup(self, request: HttpRequest, user: User) -> None:
        """Do nothing: allauth calls this method once the user is saved."""
