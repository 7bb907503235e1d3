from rest_framework_simplejwt.tokens import AccessToken


def log_in(client, user):
    """Give the client an access token of the user."""
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(user)}")
