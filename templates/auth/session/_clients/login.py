from api_client import AuthenticatedClient
from api_client.api.auth import auth_csrf_retrieve, auth_login, auth_register
from api_client.models import AuthTokenRequest, CSRFToken, RegistrationRequest, User


def log_in(url: str, username: str) -> AuthenticatedClient:
    # Django compares the origin of unsafe requests, which a browser would send by itself.
    client = AuthenticatedClient(
        url, token="", prefix="", auth_header_name="X-CSRFToken", headers={"Origin": url}
    )
    headers = client.get_httpx_client().headers
    csrf = auth_csrf_retrieve.sync(client=client)
    assert isinstance(csrf, CSRFToken)
    headers["X-CSRFToken"] = csrf.csrf_token

    email, password = f"{username}@example.com", "correct-horse-battery"
    user = auth_register.sync(
        client=client, body=RegistrationRequest(username=username, email=email, password=password)
    )
    assert isinstance(user, User)
    new_csrf = auth_login.sync(
        client=client, body=AuthTokenRequest(username=username, password=password)
    )
    assert isinstance(new_csrf, CSRFToken)
    headers["X-CSRFToken"] = new_csrf.csrf_token
    return client
