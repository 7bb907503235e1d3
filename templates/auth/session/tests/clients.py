from django.conf import settings

# The session and its user; with Redis, the session is in the cache.
AUTHENTICATION_QUERIES = 1 if settings.SESSION_ENGINE.endswith("cached_db") else 2


def log_in(client, user):
    """Give the client the user's session and the CSRF token that unsafe requests need."""
    client.force_login(user)
    csrf_token = client.get("/api/v1/auth/csrf/").json()["csrf_token"]
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token)


def offer_stale_credentials(client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "stale"
