from django.conf import settings

# Two queries for the session and one for its user. With Redis, the session is in the cache.
AUTHENTICATION_QUERIES = 1 if settings.SESSION_ENGINE.endswith("cached_db") else 3


def log_in(client, user):
    """Give the client the token of a session of the user, as apps have it."""
    client.force_login(user)
    token = client.cookies.pop(settings.SESSION_COOKIE_NAME).value
    client.credentials(HTTP_X_SESSION_TOKEN=token)
