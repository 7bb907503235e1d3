from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.models import User


def end_refresh_tokens(user: User) -> None:
    """Blacklist every refresh token of the user."""
    # Until none is left: one may be exchanged for a new one while this runs.
    while tokens := list(OutstandingToken.objects.filter(user=user, blacklistedtoken=None)):
        BlacklistedToken.objects.bulk_create(
            [BlacklistedToken(token=token) for token in tokens], ignore_conflicts=True
        )


class EndTokens:
    """
    Ends a user's tokens when the password changes.

    It demands nothing of a password. Django tells password validators of every new one,
    wherever it is set: over the API, in the admin or by `changepassword`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Changing the password ends the user's API tokens."

    def password_changed(self, password: str, user: User) -> None:
        end_refresh_tokens(user)
