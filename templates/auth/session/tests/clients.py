from django.urls import reverse

# One query for the session, unless it is in the cache, and one for its user
AUTHENTICATION_QUERIES = 2


def log_in(client, user):
    """Give the client a session of the user and the CSRF token that unsafe requests need."""
    client.force_login(user)
    csrf_token = client.get(reverse("csrf")).json()["csrf_token"]
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token)
