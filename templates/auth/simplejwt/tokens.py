from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from accounts.models import User


def end_refresh_tokens(user: User) -> None:
    """Blacklist every refresh token of the user."""
    BlacklistedToken.objects.bulk_create(
        [
            BlacklistedToken(token=token)
            for token in OutstandingToken.objects.filter(user=user, blacklistedtoken=None)
        ],
        ignore_conflicts=True,
    )
