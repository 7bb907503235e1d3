from django.conf import settings

# One query for the session, unless it is in the cache, and one for its user
AUTHENTICATION_QUERIES = 2


def log_in(client, user):
    """Give the client the token of a session of the user, as apps have it."""
    client.force_login(user)
    token = client.cookies.pop(settings.SESSION_COOKIE_NAME).value
    client.credentials(HTTP_X_SESSION_TOKEN=token)
