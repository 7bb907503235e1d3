from api_client import AuthenticatedClient, Client
from api_client.api.auth import auth_login, auth_register, auth_token_refresh
from api_client.models import (
    RegistrationRequest,
    TokenObtain,
    TokenObtainRequest,
    TokenRefresh,
    TokenRefreshRequest,
    User,
)


def log_in(url: str, username: str) -> AuthenticatedClient:
    client = Client(url)
    email, password = f"{username}@example.com", "correct-horse-battery"
    user = auth_register.sync(
        client=client, body=RegistrationRequest(username=username, email=email, password=password)
    )
    assert isinstance(user, User)
    pair = auth_login.sync(
        client=client, body=TokenObtainRequest(username=username, password=password)
    )
    assert isinstance(pair, TokenObtain)
    new_pair = auth_token_refresh.sync(
        client=client, body=TokenRefreshRequest(refresh=pair.refresh)
    )
    assert isinstance(new_pair, TokenRefresh)
    return AuthenticatedClient(url, new_pair.access)
