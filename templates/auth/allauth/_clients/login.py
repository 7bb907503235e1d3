import httpx
from api_client import AuthenticatedClient


def log_in(url: str, username: str) -> AuthenticatedClient:
    # The document that the client was generated from does not describe allauth's endpoints.
    response = httpx.post(
        f"{url}/api/v1/auth/app/v1/auth/login",
        json={"username": username, "password": "correct-horse-battery"},
    )
    token = response.raise_for_status().json()["meta"]["session_token"]
    return AuthenticatedClient(url, token, prefix="", auth_header_name="X-Session-Token")
