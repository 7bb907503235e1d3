from api_client import AuthenticatedClient, Client
from api_client.api.auth import auth_login, auth_register
from api_client.models import AuthTokenRequest, RegistrationRequest, Token, User


def log_in(url: str, username: str) -> AuthenticatedClient:
    client = Client(url)
    email, password = f"{username}@example.com", "correct-horse-battery"
    user = auth_register.sync(
        client=client, body=RegistrationRequest(username=username, email=email, password=password)
    )
    assert isinstance(user, User)
    token = auth_login.sync(
        client=client, body=AuthTokenRequest(username=username, password=password)
    )
    assert isinstance(token, Token)
    return AuthenticatedClient(url, token.token, prefix="Token")
