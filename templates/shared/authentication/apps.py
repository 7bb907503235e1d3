from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    name = "authentication"

    def ready(self) -> None:
        # Importing the module registers its extensions with drf-spectacular.
        from authentication import openapi  # noqa: F401
