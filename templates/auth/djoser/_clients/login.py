from api_client import AuthenticatedClient, Client
from api_client.api.auth import auth_token_login, auth_users_create, auth_users_me_destroy
from api_client.models import (
    AuthTokenRequest,
    CurrentPasswordErrors,
    CurrentPasswordRequest,
    RegistrationRequest,
    Token,
    User,
)


def log_in(url: str, username: str) -> AuthenticatedClient:
    client = Client(url)
    email, password = f"{username}@example.com", "correct-horse-battery"
    user = auth_users_create.sync(
        client=client, body=RegistrationRequest(username=username, email=email, password=password)
    )
    assert isinstance(user, User)
    token = auth_token_login.sync(
        client=client, body=AuthTokenRequest(username=username, password=password)
    )
    assert isinstance(token, Token)
    authenticated = AuthenticatedClient(url, token.auth_token, prefix="Token")

    # This DELETE has a body.
    errors = auth_users_me_destroy.sync(
        client=authenticated, body=CurrentPasswordRequest(current_password=f"not-{password}")
    )
    assert isinstance(errors, CurrentPasswordErrors)
    assert errors.current_password == ["The password is incorrect."]
    return authenticated
