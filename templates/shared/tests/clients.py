from rest_framework.authtoken.models import Token

AUTHENTICATION_QUERIES = 1


def log_in(client, user):
    """Give the client the user's token."""
    token, _ = Token.objects.get_or_create(user=user)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")
