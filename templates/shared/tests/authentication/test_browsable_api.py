import pytest
from django.urls import reverse_lazy

ME_URL = reverse_lazy("me")
LOGIN_URL = "/api-auth/login/"

pytestmark = pytest.mark.usefixtures("development")


def test_page_of_anonymous_user_links_to_login(api_client, db):
    response = api_client.get(ME_URL, HTTP_ACCEPT="text/html")
    assert response.status_code == 401
    assert f"href='{LOGIN_URL}?next={ME_URL}'" in response.content.decode()


def test_login_of_browsable_api_lasts_until_logout(client, user, password):
    assert client.get(LOGIN_URL).status_code == 200
    form = {"username": user.username, "password": password, "next": str(ME_URL)}
    response = client.post(LOGIN_URL, form)
    assert (response.status_code, response["Location"]) == (302, ME_URL)
    assert client.get(ME_URL).json()["username"] == user.username
    assert client.post("/api-auth/logout/").status_code == 200
    assert client.get(ME_URL).status_code == 401


def test_login_is_throttled(client, db, set_rate):
    set_rate("login", "1/min")
    assert [client.post(LOGIN_URL).status_code for _ in range(2)] == [200, 429]
