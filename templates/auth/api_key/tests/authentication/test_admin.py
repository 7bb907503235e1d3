import re

import pytest
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from rest_framework_api_key.models import APIKey as PackageAPIKey

from authentication.models import APIKey

ADD_URL = reverse_lazy("admin:authentication_apikey_add")
LIST_URL = reverse_lazy("admin:authentication_apikey_changelist")
ME_URL = reverse_lazy("me")


@pytest.fixture
def form(user):
    return {
        "name": "from the admin",
        "user": user.pk,
        "scopes": ["read", "write"],
        "expiry_date_0": "2099-01-01",
        "expiry_date_1": "00:00:00",
    }


@pytest.fixture
def change_url(key):
    return reverse("admin:authentication_apikey_change", args=[key.pk])


def test_admin_shows_secret_only_on_creation(admin_client, form, user, client_for):
    response = admin_client.post(ADD_URL, form, follow=True)
    text = " ".join(str(message) for message in response.context["messages"])
    key = APIKey.objects.get()
    assert (key.user, key.scopes) == (user, form["scopes"])
    secret = re.search(rf"{key.prefix}\.\w+", text)[0]
    assert client_for(secret).get(ME_URL).status_code == 200
    for url in (LIST_URL, reverse("admin:authentication_apikey_change", args=[key.pk])):
        page = admin_client.get(url).content.decode()
        assert key.prefix in page
        assert secret not in page


def test_admin_suggests_expiry_date_and_read_scope(admin_client, settings, is_close):
    form = admin_client.get(ADD_URL).context["adminform"].form
    assert is_close(form["expiry_date"].initial, timezone.now() + settings.API_KEY_TTL)
    assert form["scopes"].initial == ["read"]


def test_admin_requires_scope(admin_client, form):
    del form["scopes"]
    response = admin_client.post(ADD_URL, form)
    assert response.context["adminform"].form.errors.keys() == {"scopes"}
    assert not APIKey.objects.exists()


def test_admin_can_change_scopes_but_not_user_or_secret(
    admin_client, form, change_url, key, key_client, user, other_user, assert_forbidden
):
    form |= {"user": other_user.pk, "prefix": "chosen", "hashed_key": "x", "scopes": ["read"]}
    assert admin_client.post(change_url, form).status_code == 302
    changed = APIKey.objects.get()
    assert (changed.pk, changed.prefix, changed.hashed_key) == (key.pk, key.prefix, key.hashed_key)
    assert (changed.user, changed.scopes, changed.name) == (user, ["read"], form["name"])
    assert key_client.get(ME_URL).status_code == 200
    assert_forbidden(key_client.patch(ME_URL, {"first_name": "changed"}))


def test_revocation_in_admin_cannot_be_undone(
    admin_client, form, change_url, key_client, assert_unauthorized
):
    assert admin_client.post(change_url, form | {"revoked": "on"}).status_code == 302
    assert_unauthorized(key_client.get(ME_URL))
    assert admin_client.post(change_url, form).status_code == 302
    assert APIKey.objects.get().revoked
    APIKey.objects.update(revoked=False)
    assert_unauthorized(key_client.get(ME_URL))


def test_admin_hides_keys_without_user(admin_client):
    apps = admin_client.get(reverse("admin:index")).context["app_list"]
    models = [model["model"] for app in apps for model in app["models"]]
    assert APIKey in models
    assert PackageAPIKey not in models
