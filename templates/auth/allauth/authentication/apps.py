from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    name = "authentication"

    def ready(self) -> None:
        # Importing the modules connects signals and registers extensions with drf-spectacular.
        from allauth.headless.account import inputs

        from authentication import openapi, signals  # noqa: F401

        # allauth's API would remove spaces around passwords.
        for form in (inputs.SignupInput, inputs.LoginInput, inputs.ResetPasswordInput):
            form.base_fields["password"].strip = False
        for field in ("current_password", "new_password"):
            inputs.ChangePasswordInput.base_fields[field].strip = False
