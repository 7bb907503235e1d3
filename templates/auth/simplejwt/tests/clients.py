from authentication.jwt import RefreshToken

AUTHENTICATION_QUERIES = 1


def log_in(client, user):
    """Give the client an access token of the user."""
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {RefreshToken.for_user(user).access_token}")
