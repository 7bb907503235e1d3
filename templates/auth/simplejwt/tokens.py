from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.models import User


def end_refresh_tokens(user: User) -> None:
    """Blacklist every refresh token of the user."""
    # Until none is left: one may be exchanged for a new one while this runs.
    while tokens := list(OutstandingToken.objects.filter(user=user, blacklistedtoken=None)):
        BlacklistedToken.objects.bulk_create(
            [BlacklistedToken(token=token) for token in tokens], ignore_conflicts=True
        )
