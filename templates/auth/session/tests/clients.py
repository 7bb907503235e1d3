from django.conf import settings
from django.urls import reverse

# One query for the session and one for its user. With Redis, the session is in the cache.
AUTHENTICATION_QUERIES = 1 if settings.SESSION_ENGINE.endswith("cached_db") else 2


def log_in(client, user):
    """Give the client a session of the user and the CSRF token that unsafe requests need."""
    client.force_login(user)
    csrf_token = client.get(reverse("csrf")).json()["csrf_token"]
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token)
