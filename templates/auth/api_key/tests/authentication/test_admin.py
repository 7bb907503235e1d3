import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
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


def test_admin_lists_names_of_scopes(admin_client, create_key):
    create_key("read", "manage")
    page = admin_client.get(LIST_URL).content.decode()
    assert "<span>Scopes</span>" in page
    assert '<td class="field-scope_names">read, manage</td>' in page


def test_admin_suggests_expiry_date_and_read_scope(admin_client, settings, is_close):
    form = admin_client.get(ADD_URL).context["adminform"].form
    assert is_close(form["expiry_date"].initial, timezone.now() + settings.API_KEY_TTL)
    assert form["scopes"].initial == ["read"]


def test_admin_lists_and_searches_keys(admin_client, key, create_key, other_user):
    other_key = create_key("read", name="other", user=other_user)
    page = admin_client.get(LIST_URL).content.decode()
    for shown in (other_key.prefix, other_key.name, other_user.username):
        assert shown in page
    for name in ("prefix", "name", "user", "scope_names", "created", "expiry_date", "revoked"):
        assert f"column-{name}" in page
    assert "changelist-filter" not in page  # the columns need the width
    for search in (key.prefix, key.name, key.user.username):
        response = admin_client.get(LIST_URL, {"q": search})
        assert list(response.context["cl"].result_list) == [key]


def test_admin_completes_user_of_key(admin_client):
    assert 'data-field-name="user"' in admin_client.get(ADD_URL).content.decode()


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


def test_admin_can_change_expiry_date(admin_client, form, change_url):
    form |= {"expiry_date_0": "2098-07-06", "expiry_date_1": "05:04:03"}
    assert admin_client.post(change_url, form).status_code == 302
    assert APIKey.objects.get().expiry_date == datetime(2098, 7, 6, 5, 4, 3, tzinfo=UTC)


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


# Permissions


@pytest.fixture
def permission():
    """Return a function that returns a permission, such as `accounts.change_user`."""

    def permission(name):
        app, codename = name.split(".")
        return Permission.objects.get(content_type__app_label=app, codename=codename)

    return permission


@pytest.fixture
def staff_client(staff, permission):
    """Return a client of staff who can do no more than create and change keys."""
    for action in ("add", "change"):
        staff.user_permissions.add(permission(f"authentication.{action}_apikey"))
    client = Client()
    client.force_login(staff)
    return client


def make_superuser(user, permission):
    user.is_superuser = True
    user.save()


def make_inactive_superuser(user, permission):
    user.is_active = False
    make_superuser(user, permission)


def add_permission(user, permission):
    user.user_permissions.add(permission("accounts.change_user"))


def add_group(user, permission):
    group = Group.objects.create(name="editors")
    group.permissions.add(permission("accounts.change_user"))
    user.groups.add(group)


def deactivate_with_group(user, permission):
    add_group(user, permission)
    user.is_active = False
    user.save()


@pytest.mark.parametrize(
    "change",
    [make_superuser, make_inactive_superuser, add_permission, add_group, deactivate_with_group],
)
def test_staff_cannot_create_key_for_user_with_more_permissions(
    staff_client, admin_client, form, user, permission, change
):
    change(user, permission)
    response = staff_client.post(ADD_URL, form)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors.keys() == {"user"}
    assert not APIKey.objects.exists()
    assert admin_client.post(ADD_URL, form).status_code == 302
    assert APIKey.objects.get().user == user


def test_staff_with_every_permission_cannot_create_key_for_superuser(
    staff_client, staff, form, user, permission
):
    staff.user_permissions.set(Permission.objects.all())
    make_superuser(user, permission)
    response = staff_client.post(ADD_URL, form)
    assert response.context["adminform"].form.errors.keys() == {"user"}
    assert not APIKey.objects.exists()


def test_staff_can_create_key_for_user_with_same_permissions(staff_client, form, user, permission):
    user.user_permissions.add(permission("authentication.add_apikey"))
    assert staff_client.post(ADD_URL, form).status_code == 302
    assert APIKey.objects.get().user == user


def test_staff_cannot_create_key_without_permission(staff_client, staff, form):
    staff.user_permissions.clear()
    assert staff_client.post(ADD_URL, form).status_code == 403
    assert not APIKey.objects.exists()


def test_staff_can_change_but_not_assign_existing_key(
    staff_client, form, change_url, user, other_user
):
    make_superuser(user, None)
    form |= {"scopes": ["read"], "user": other_user.pk}
    assert staff_client.post(change_url, form).status_code == 302
    key = APIKey.objects.get()
    assert (key.user, key.scopes, key.name) == (user, ["read"], form["name"])
