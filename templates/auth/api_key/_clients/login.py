import os

from api_client import AuthenticatedClient


def log_in(url: str, username: str) -> AuthenticatedClient:
    return AuthenticatedClient(url, os.environ["API_KEY"], prefix="Api-Key")
