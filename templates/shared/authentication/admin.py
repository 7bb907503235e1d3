from django.contrib import admin
from rest_framework.authtoken import admin as authtoken  # noqa: F401 -- registers the page
from rest_framework.authtoken.models import Token, TokenProxy

# The page would display the tokens of all users, and anyone who reads one can log in with it.
admin.site.unregister(TokenProxy)


def describe(token: Token) -> str:
    """Describe a token without its key: the page that deletes a user lists the user's token."""
    return f"token of {token.user}"


Token.__str__ = describe  # type: ignore[assignment, method-assign]
