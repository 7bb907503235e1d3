from authentication.models import APIKey, Scope

AUTHENTICATION_QUERIES = 1


def log_in(client, user, scopes=tuple(Scope.values)):
    """Give the client a key of the user, with every scope by default."""
    key = APIKey.objects.create_with_secret(user=user, name="tests", scopes=list(scopes))
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {key.key}")
