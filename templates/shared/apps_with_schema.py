from django.apps import AppConfig


class AuthenticationConfig(AppConfig):
    name = "authentication"

    def ready(self) -> None:
        # drf-spectacular finds its extensions once they are imported.
        from authentication import schema  # noqa: F401
