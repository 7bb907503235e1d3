from tests.clients import AUTHENTICATION_QUERIES

URL = "/api/v1/me/"


def test_me_is_the_caller(user_client, user, other_user):
    response = user_client.get(URL)
    assert response.status_code == 200
    assert response.json() == {
        "id": user.pk,
        "username": "ursula",
        "email": "ursula@example.com",
        "first_name": "",
        "last_name": "",
    }


def test_each_caller_sees_themselves(login_as, user, other_user):
    assert login_as(other_user).get(URL).json()["username"] == "octavia"
    assert login_as(user).get(URL).json()["username"] == "ursula"


def test_anonymous_is_challenged(api_client, db):
    response = api_client.get(URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert response.json().keys() == {"detail"}


def test_names_can_be_changed(user_client, user, other_user):
    response = user_client.patch(URL, {"first_name": "Ursula", "last_name": "Vernon"})
    assert response.status_code == 200
    assert response.json() == user_client.get(URL).json()
    user.refresh_from_db()
    assert user.get_full_name() == "Ursula Vernon"
    other_user.refresh_from_db()
    assert other_user.get_full_name() == ""


def test_nothing_else_can_be_changed(user_client, user):
    change = {"id": 999, "username": "x", "email": "x@example.com", "is_staff": True}
    response = user_client.patch(URL, change)
    assert response.status_code == 200
    assert response.json()["username"] == "ursula"
    user.refresh_from_db()
    assert (user.username, user.email, user.is_staff) == ("ursula", "ursula@example.com", False)


def test_name_that_is_too_long_is_refused(user_client):
    response = user_client.patch(URL, {"first_name": "x" * 151})
    assert response.status_code == 400
    assert response.json().keys() == {"first_name"}


def test_other_methods_are_not_offered(user_client):
    for method in (user_client.post, user_client.put, user_client.delete):
        response = method(URL)
        assert response.status_code == 405
        assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_anonymous_is_challenged_before_the_method_is_looked_at(api_client, db):
    assert api_client.delete(URL).status_code == 401


def test_me_costs_the_queries_of_authentication_alone(user_client, django_assert_num_queries):
    user_client.get(URL)
    with django_assert_num_queries(AUTHENTICATION_QUERIES):
        user_client.get(URL)
