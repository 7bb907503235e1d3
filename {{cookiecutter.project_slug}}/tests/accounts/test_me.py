import pytest
from django.core.cache import cache
from django.urls import reverse_lazy

from accounts.models import User
from accounts.serializers import UserSerializer
from tests.clients import AUTHENTICATION_QUERIES

ME_URL = reverse_lazy("me")


def test_me_returns_profile_of_user(user_client, user, other_user):
    User.objects.filter(pk=user.pk).update(first_name="Ursula", last_name="Vernon")
    response = user_client.get(ME_URL)
    assert response.status_code == 200
    assert response.json() == {
        "id": user.pk,
        "username": user.username,
        "email": user.email,
        "first_name": "Ursula",
        "last_name": "Vernon",
    }


def test_each_user_gets_their_own_profile(login_as, user, other_user):
    assert login_as(other_user).get(ME_URL).json()["username"] == other_user.username
    assert login_as(user).get(ME_URL).json()["username"] == user.username


def test_me_requires_authentication(api_client, db):
    response = api_client.get(ME_URL)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]
    assert response.json().keys() == {"detail"}


def test_user_can_change_their_name(user_client, user, other_user):
    response = user_client.patch(ME_URL, {"first_name": "Ursula", "last_name": "Vernon"})
    assert response.status_code == 200
    assert response.json() == user_client.get(ME_URL).json()
    user.refresh_from_db()
    assert user.get_full_name() == "Ursula Vernon"
    other_user.refresh_from_db()
    assert other_user.get_full_name() == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [("id", 999), ("username", "x"), ("email", "x@example.com"), ("is_staff", True)],
)
def test_user_cannot_change_other_fields(user_client, user, field, value):
    before = getattr(user, field)
    profile = user_client.get(ME_URL).json()
    response = user_client.patch(ME_URL, {field: value})
    assert response.status_code == 200
    assert response.json() == profile
    user.refresh_from_db()
    assert getattr(user, field) == before


@pytest.mark.parametrize("field", ["first_name", "last_name"])
def test_too_long_name_is_rejected(user_client, field):
    response = user_client.patch(ME_URL, {field: "x" * 151})
    assert response.status_code == 400
    assert response.json().keys() == {field}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_me_rejects_other_methods(user_client, method):
    response = getattr(user_client, method)(ME_URL)
    assert response.status_code == 405
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_authentication_is_checked_before_method(api_client, db):
    assert api_client.delete(ME_URL).status_code == 401


def test_me_needs_no_query_besides_authentication(user_client, django_assert_num_queries):
    cache.clear()  # with Redis, it contains the session
    with django_assert_num_queries(AUTHENTICATION_QUERIES):
        assert user_client.get(ME_URL).status_code == 200


def test_changing_name_keeps_concurrent_changes(user_client, user, before_save):
    changes = {
        "password": "changed",
        "email": "changed@example.com",
        "last_name": "Changed",
        "is_active": False,
        "is_staff": True,
        "is_superuser": True,
    }
    before_save(User, lambda: User.objects.filter(pk=user.pk).update(**changes))
    response = user_client.patch(ME_URL, {"first_name": "Ursula"})
    assert (response.status_code, response.json()["first_name"]) == (200, "Ursula")
    assert User.objects.filter(pk=user.pk, first_name="Ursula", **changes).exists()


@pytest.mark.django_db(transaction=True)
def test_user_deleted_in_the_meantime_is_not_created_again(user_client, user, before_save):
    before_save(User, User.objects.filter(pk=user.pk).delete)
    response = user_client.patch(ME_URL, {"first_name": "Ursula"})
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}
    assert not User.objects.exists()


def test_serializer_of_me_has_the_request(user_client, show_request):
    show_request(UserSerializer)
    assert user_client.get(ME_URL).json() == {"GET": ME_URL}
    assert user_client.patch(ME_URL, {}).json() == {"PATCH": ME_URL}
