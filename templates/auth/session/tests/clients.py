from django.conf import settings
from django.utils.crypto import get_random_string

# One query for the session, unless it is in the cache, and one for its user
AUTHENTICATION_QUERIES = 2


def log_in(client, user):
    """Give the client a session of the user and the CSRF token that unsafe requests need."""
    client.force_login(user)
    secret = get_random_string(32)
    client.cookies[settings.CSRF_COOKIE_NAME] = secret
    client.credentials(HTTP_X_CSRFTOKEN=secret)
