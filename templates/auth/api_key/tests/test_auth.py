import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_api_key.models import APIKey as PackageAPIKey

from accounts.models import User
from authentication.models import APIKey
from authentication.views import APIKeyRotateView
from config import env

URL = "/api/v1/auth/keys/"
ME = "/api/v1/me/"
PUBLIC = "/api/schema/?format=json"
FIELDS = {"prefix", "name", "scopes", "created", "expiry_date", "revoked"}
TTL = timedelta(days=365)
DAY = timedelta(days=1)


@pytest.fixture
def key(user):
    """A key that reads and writes."""
    return make_key(user, "read", "write")


@pytest.fixture
def manager(user):
    """A client with a key that manages, reads and writes."""
    return client_of(make_key(user, "read", "write", "manage"))


def make_key(user, *scopes, **fields):
    return APIKey.objects.create_with_secret(user=user, name="robot", scopes=[*scopes], **fields)


def client_of(key):
    return APIClient(HTTP_AUTHORIZATION=f"Api-Key {key.key}")


def url_of(key):
    return f"{URL}{key.prefix}/"


def rotate(client, key):
    return client.post(f"{url_of(key)}rotate/")


def assert_refused(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Api-Key"
    assert response.json().keys() == {"detail"}


def assert_forbidden(response):
    assert response.status_code == 403
    assert "WWW-Authenticate" not in response


def is_about(moment, expected):
    return abs(moment - expected) < timedelta(minutes=1)


# Authentication


def test_key_stands_for_its_user(key, user):
    assert client_of(key).get(ME).json()["id"] == user.pk


def test_key_costs_one_query(key):
    with CaptureQueriesContext(connection) as queries:
        assert client_of(key).get(ME).status_code == 200
    assert len(queries) == 1


def test_scheme_is_known_in_any_case(api_client, key):
    assert api_client.get(ME, HTTP_AUTHORIZATION=f"API-KEY {key.key}").status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer {}", "Token {}", "Basic {}", "Api-Keys {}", "{}"])
def test_foreign_scheme_means_anonymous(api_client, key, header):
    api_client.credentials(HTTP_AUTHORIZATION=header.format(key.key))
    assert api_client.get(PUBLIC).status_code == 200
    assert_refused(api_client.get(ME))


@pytest.mark.parametrize(
    "credentials",
    [
        "",
        " ",
        ".",
        "{prefix}",
        "{prefix}.",
        ".{secret}",
        "{prefix}.wrong",
        "{prefix}.{secret}x",
        "{prefix}.{secret} x",
        "unknown1.{secret}",
        "{prefix}.é",
        "é.{secret}",
        "\0.{secret}",
        "{prefix}\0.{secret}",
        "x" * 10_000,
    ],
    ids=lambda text: repr(text[:20]),
)
def test_wrong_key_is_refused(api_client, key, credentials):
    prefix, _, secret = key.key.partition(".")
    header = "Api-Key " + credentials.format(prefix=prefix, secret=secret)
    for url in (ME, PUBLIC):
        assert_refused(api_client.get(url, HTTP_AUTHORIZATION=header))


def test_scheme_without_a_key_is_refused(api_client, db):
    assert_refused(api_client.get(PUBLIC, HTTP_AUTHORIZATION="Api-Key"))


def test_expired_key_is_refused(user):
    key = make_key(user, "read", expiry_date=timezone.now() - timedelta(seconds=1))
    for url in (ME, PUBLIC):
        assert_refused(client_of(key).get(url))


def test_key_expires_after_the_days_of_the_environment(key):
    assert is_about(key.expiry_date, timezone.now() + TTL)


def test_revoked_key_is_refused(key):
    key.revoke()
    for url in (ME, PUBLIC):
        assert_refused(client_of(key).get(url))


def test_key_that_is_only_marked_as_revoked_is_refused(key):
    APIKey.objects.update(revoked=True)
    assert_refused(client_of(key).get(ME))


def test_key_of_an_inactive_user_is_refused(key, user):
    user.is_active = False
    user.save()
    for url in (ME, PUBLIC):
        assert_refused(client_of(key).get(url))


def test_key_of_a_deleted_user_is_refused(key, user):
    user.delete()
    assert_refused(client_of(key).get(ME))


def test_key_is_stored_as_a_hash(key):
    secret = key.key.partition(".")[2]
    stored = APIKey.objects.filter(pk=key.pk).values().get()
    assert secret not in str(stored)


# Scopes


def test_read_is_for_safe_methods(user):
    client = client_of(make_key(user, "read"))
    for method in (client.get, client.head, client.options):
        assert method(ME).status_code == 200
        assert method(PUBLIC).status_code == 200
    for method in (client.patch, client.post, client.put, client.delete):
        assert_forbidden(method(ME, {"first_name": "x"}))
    assert User.objects.get().first_name == ""


def test_write_is_for_the_other_methods(user):
    client = client_of(make_key(user, "write"))
    assert client.patch(ME, {"first_name": "Ursula"}).status_code == 200
    for method in (client.get, client.head, client.options):
        assert_forbidden(method(ME))


def test_scope_is_needed_where_anybody_may_read(user):
    for scope in ("write", "manage"):
        assert_forbidden(client_of(make_key(user, scope)).get(PUBLIC))


def test_manage_stands_for_nothing_else(user):
    client = client_of(make_key(user, "manage"))
    assert client.get(URL).status_code == 200
    assert_forbidden(client.get(ME))
    assert_forbidden(client.patch(ME, {"first_name": "x"}))


def test_keys_are_managed_with_manage_alone(key):
    client = client_of(key)
    for url in (URL, url_of(key), f"{url_of(key)}rotate/"):
        for method in (client.get, client.head, client.options, client.post, client.delete):
            assert_forbidden(method(url, {"name": "x", "scopes": ["read"]}))
    assert APIKey.objects.get().revoked is False


def test_method_cannot_be_overridden(user):
    client = client_of(make_key(user, "read"))
    client.credentials(HTTP_X_HTTP_METHOD_OVERRIDE="PATCH")
    client.get(f"{ME}?_method=PATCH", {"first_name": "x"})
    assert_forbidden(client.post(ME, {"_method": "GET"}, HTTP_X_HTTP_METHOD_OVERRIDE="GET"))
    assert User.objects.get().first_name == ""


def test_keys_need_credentials(api_client, key):
    for url in (URL, url_of(key), f"{url_of(key)}rotate/", f"{URL}unknown/"):
        for method in (api_client.get, api_client.post, api_client.delete):
            assert_refused(method(url))


# Listing


def test_keys_are_listed_without_secrets(manager, user):
    make_key(user, "read").revoke()
    response = manager.get(URL)
    assert response.status_code == 200
    assert [key.keys() for key in response.json()] == [FIELDS] * 2
    assert [key["revoked"] for key in response.json()] == [True, False]
    for key in APIKey.objects.exclude(hashed_key=""):
        assert key.hashed_key not in response.content.decode()
        assert key.hashed_key.partition("$$")[2] not in response.content.decode()


def test_only_the_callers_keys_are_listed(manager, other_user):
    hidden = make_key(other_user, "read")
    assert hidden.prefix not in [key["prefix"] for key in manager.get(URL).json()]


def test_list_is_neither_paginated_nor_slow(manager, user):
    for _ in range(25):
        make_key(user, "read")
    with CaptureQueriesContext(connection) as queries:
        assert len(manager.get(f"{URL}?page=7&page_size=1").json()) == 26
    assert len(queries) == 2


# Making


def test_key_is_made_and_shown_once(manager, user):
    response = manager.post(URL, {"name": "backup", "scopes": ["read"]})
    assert response.status_code == 201
    made = response.json()
    assert made.keys() == FIELDS | {"key"}
    assert (made["name"], made["scopes"], made["revoked"]) == ("backup", ["read"], False)
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {made.pop('key')}")
    assert client.get(ME).json()["id"] == user.pk
    assert_forbidden(client.patch(ME, {"first_name": "x"}))
    assert manager.get(URL).json()[0] == made


@pytest.mark.parametrize("body", [{}, {"expiry_date": None}])
def test_expiry_is_by_default_as_the_environment_says(manager, body):
    made = manager.post(URL, {"name": "x", "scopes": ["read"], **body}).json()
    assert is_about(datetime.fromisoformat(made["expiry_date"]), timezone.now() + TTL)


@pytest.mark.parametrize(
    "expiry_date", ["2099-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2099-01-01T02:00:00+02:00"]
)
def test_expiry_can_be_named(manager, expiry_date):
    made = manager.post(URL, {"name": "x", "scopes": ["read"], "expiry_date": expiry_date}).json()
    assert made["expiry_date"].endswith("Z")
    named = datetime.fromisoformat(expiry_date)
    assert datetime.fromisoformat(made["expiry_date"]) == named
    assert APIKey.objects.get(prefix=made["prefix"]).expiry_date == named


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("name", ""),
        ("name", "  "),
        ("name", "x" * 51),
        ("name", "a\0b"),
        ("name", []),
        ("scopes", None),
        ("scopes", []),
        ("scopes", "read"),
        ("scopes", {"read": True}),
        ("scopes", ["admin"]),
        ("scopes", ["READ"]),
        ("scopes", ["read", ""]),
        ("scopes", ["read", None]),
        ("scopes", [["read"]]),
        ("scopes", [{}]),
        ("scopes", ["read", "read"]),
        ("expiry_date", "2001-01-01T00:00:00Z"),
        ("expiry_date", "0001-01-01T00:00:00Z"),
        ("expiry_date", "0001-01-01T00:00:00+14:00"),
        ("expiry_date", "9999-12-31T23:59:59-14:00"),
        ("expiry_date", "10000-01-01T00:00:00Z"),
        ("expiry_date", "tomorrow"),
        ("expiry_date", ""),
        ("expiry_date", 4102444800),
    ],
)
def test_key_is_refused_for_a_bad(manager, field, value):
    response = manager.post(URL, {"name": "x", "scopes": ["read"], field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    assert APIKey.objects.count() == 1


def test_name_and_scopes_are_required(manager):
    response = manager.post(URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"name", "scopes"}


def test_name_may_have_50_characters(manager):
    assert manager.post(URL, {"name": "x" * 50, "scopes": ["read"]}).status_code == 201


@pytest.mark.parametrize("beyond", [["read"], ["manage", "write"]])
def test_key_gets_no_scope_beyond_the_callers(user, beyond):
    client = client_of(make_key(user, "manage"))
    response = client.post(URL, {"name": "x", "scopes": beyond})
    assert response.status_code == 400
    assert response.json().keys() == {"scopes"}
    assert client.post(URL, {"name": "x", "scopes": ["manage"]}).status_code == 201


def test_body_decides_nothing_else(manager, user, other_user):
    wishes = {
        "user": other_user.pk,
        "id": "x",
        "key": "chosen",
        "prefix": "chosen",
        "hashed_key": "x",
        "created": "2001-01-01T00:00:00Z",
        "revoked": True,
    }
    made = manager.post(URL, {"name": "x", "scopes": ["read"], **wishes}).json()
    assert made["prefix"] != "chosen"
    assert made["key"] != "chosen"
    assert made["revoked"] is False
    assert is_about(datetime.fromisoformat(made["created"]), timezone.now())
    assert APIKey.objects.get(prefix=made["prefix"]).user == user


# Rotating


def test_key_is_rotated(manager, key, user):
    response = rotate(manager, key)
    assert response.status_code == 201
    new = response.json()
    assert new.keys() == FIELDS | {"key"}
    assert new["prefix"] != key.prefix
    assert (new["name"], new["scopes"], new["revoked"]) == ("robot", ["read", "write"], False)
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {new['key']}")
    assert client.get(ME).json()["id"] == user.pk
    assert_forbidden(client.get(URL))
    assert_refused(client_of(key).get(ME))
    key.refresh_from_db()
    assert key.revoked


def test_rotated_key_has_the_same_lifetime_from_now(manager, key):
    now = timezone.now()
    APIKey.objects.filter(pk=key.pk).update(created=now - 9 * DAY, expiry_date=now + DAY)
    new = rotate(manager, key).json()
    assert is_about(datetime.fromisoformat(new["expiry_date"]), now + 10 * DAY)
    assert is_about(datetime.fromisoformat(new["created"]), now)


def test_key_that_never_really_expires_is_rotated(manager, key):
    long_ago = timezone.now() - 365 * DAY
    far_off = datetime.fromisoformat("9999-12-31T23:59:59Z")
    APIKey.objects.filter(pk=key.pk).update(created=long_ago, expiry_date=far_off)
    response = rotate(manager, key)
    assert response.status_code == 201
    assert response.json()["expiry_date"] == "9999-12-31T23:59:59Z"


def test_key_rotates_itself(user):
    own = make_key(user, "manage")
    new = rotate(client_of(own), own).json()
    assert_refused(client_of(own).get(URL))
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {new['key']}")
    assert client.get(URL).status_code == 200


def test_rotation_takes_no_wishes(manager, key):
    wishes = {"name": "x", "scopes": ["manage"], "expiry_date": "2099-01-01T00:00:00Z"}
    new = manager.post(f"{url_of(key)}rotate/", wishes).json()
    assert (new["name"], new["scopes"]) == ("robot", ["read", "write"])
    assert is_about(datetime.fromisoformat(new["expiry_date"]), timezone.now() + TTL)


def test_key_with_a_scope_that_the_caller_lacks_is_not_rotated(user, key):
    client = client_of(make_key(user, "manage", "read"))
    assert_forbidden(rotate(client, key))
    key.refresh_from_db()
    assert not key.revoked
    assert client_of(key).get(ME).status_code == 200


def test_key_that_is_revoked_or_expired_is_not_rotated(manager, user):
    revoked = make_key(user, "read")
    revoked.revoke()
    expired = make_key(user, "read", expiry_date=timezone.now() - DAY)
    for key in (revoked, expired):
        response = rotate(manager, key)
        assert response.status_code == 409
        assert response.json().keys() == {"detail"}
    assert APIKey.objects.count() == 3


def test_old_key_lives_on_if_no_new_one_can_be_made(manager, key, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    manager.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(APIKey, "successor", fail)
        assert rotate(manager, key).status_code == 500
    assert client_of(key).get(ME).status_code == 200


def test_rotation_that_another_overtakes_is_a_conflict(manager, key, monkeypatch):
    get_object = APIKeyRotateView.get_object

    def revoke_after(view):
        found = get_object(view)
        APIKey.objects.get(pk=found.pk).revoke()
        return found

    monkeypatch.setattr(APIKeyRotateView, "get_object", revoke_after)
    assert rotate(manager, key).status_code == 409
    assert APIKey.objects.filter(name="robot", revoked=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_simultaneous_rotations_one_wins(manager, key, monkeypatch):
    # All have found the key before the first one revokes it.
    all_have_found_it = Barrier(4, timeout=10)
    get_object = APIKeyRotateView.get_object

    def get_together(view):
        found = get_object(view)
        all_have_found_it.wait()
        return found

    def rotate_in_thread(_):
        try:
            return rotate(manager, key).status_code
        finally:
            connection.close()

    monkeypatch.setattr(APIKeyRotateView, "get_object", get_together)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(rotate_in_thread, range(4))) == [201, 409, 409, 409]
    assert APIKey.objects.filter(scopes=["read", "write"], revoked=False).count() == 1


# Revoking


def test_key_is_revoked_and_repeating_it_is_fine(manager, key):
    for _ in range(2):
        response = manager.delete(url_of(key))
        assert response.status_code == 204
        assert not response.content
    assert_refused(client_of(key).get(ME))
    key.refresh_from_db()
    assert key.revoked
    assert manager.get(ME).status_code == 200


def revoke_over_the_api(key):
    client = client_of(make_key(key.user, "manage"))
    assert client.delete(url_of(key)).status_code == 204


def revoke_by_rotation(key):
    client = client_of(make_key(key.user, "read", "write", "manage"))
    assert rotate(client, key).status_code == 201


def revoke_in_code(key):
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = True
    key.save()


def revoke_that_field_alone(key):
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = True
    key.save(update_fields=["revoked"])


@pytest.mark.parametrize(
    "revoke", [revoke_over_the_api, revoke_by_rotation, revoke_in_code, revoke_that_field_alone]
)
def test_revocation_is_for_good(key, revoke):
    loaded_before = APIKey.objects.get(pk=key.pk)
    revoke(key)
    assert APIKey.objects.get(pk=key.pk).revoked
    loaded_before.name = "renamed"
    loaded_before.save()
    assert_refused(client_of(key).get(ME))
    APIKey.objects.update(revoked=False)
    assert_refused(client_of(key).get(ME))


def test_revocation_of_a_loaded_key_cannot_be_undone(key):
    key.revoke()
    key = APIKey.objects.get(pk=key.pk)
    key.revoked = False
    with pytest.raises(ValidationError):
        key.save()


def test_keys_of_others_do_not_exist(manager, other_user):
    key = make_key(other_user, "read")
    assert manager.delete(url_of(key)).status_code == 404
    assert rotate(manager, key).status_code == 404
    assert client_of(key).get(ME).status_code == 200


@pytest.mark.parametrize("prefix", ["unknown", "x" * 500, "%00", "a%00b", "é", "a.b", ".."])
def test_prefix_that_does_not_exist_is_a_404(manager, prefix):
    for response in (
        manager.delete(f"{URL}{prefix}/"),
        manager.post(f"{URL}{prefix}/rotate/"),
    ):
        assert response.status_code == 404
        assert response.json().keys() == {"detail"}


def test_other_methods_are_not_offered(manager, key):
    for url, allowed in (
        (URL, "GET, POST, HEAD, OPTIONS"),
        (url_of(key), "DELETE, OPTIONS"),
        (f"{url_of(key)}rotate/", "POST, OPTIONS"),
    ):
        response = manager.put(url, {})
        assert response.status_code == 405
        assert response["Allow"] == allowed
    assert manager.get(url_of(key)).status_code == 405


# The command


def create_api_key(*args):
    out, err = StringIO(), StringIO()
    call_command("create_api_key", *args, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def test_command_prints_the_key_alone(user):
    secret = create_api_key("ursula", "--name", "first")
    key = APIKey.objects.get()
    assert secret.startswith(f"{key.prefix}.")
    assert secret == f"{secret.split()[0]}\n"
    assert APIClient(HTTP_AUTHORIZATION=f"Api-Key {secret.strip()}").get(ME).status_code == 200
    assert (key.user, key.name, key.scopes) == (user, "first", ["read"])
    assert is_about(key.expiry_date, timezone.now() + TTL)


def test_command_takes_scopes_and_days(user):
    create_api_key("ursula", "--name=x", "--scope=write", "--scope=manage", "--days=7")
    key = APIKey.objects.get()
    assert key.scopes == ["write", "manage"]
    assert is_about(key.expiry_date, timezone.now() + 7 * DAY)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nobody", "--name=x"],
        ["ursula"],
        ["ursula", "--name="],
        ["ursula", f"--name={'x' * 51}"],
        ["ursula", "--name=x", "--scope=admin"],
        ["ursula", "--name=x", "--scope=read", "--scope=read"],
        ["ursula", "--name=x", "--days=0"],
        ["ursula", "--name=x", "--days=-1"],
        ["ursula", "--name=x", "--days=week"],
        ["ursula", "--name=x", "--days=9999999"],
        ["ursula", "--name=x", "--days=9999999999"],
    ],
)
def test_command_refuses_what_makes_no_key(user, arguments):
    with pytest.raises(CommandError):
        create_api_key(*arguments)
    assert not APIKey.objects.exists()


# The admin


@pytest.fixture
def admin(db):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def form(user):
    return {
        "name": "from the admin",
        "user": user.pk,
        "scopes": ["read", "write"],
        "expiry_date_0": "2099-01-01",
        "expiry_date_1": "00:00:00",
    }


def admin_url(key):
    return reverse("admin:authentication_apikey_change", args=[key.pk])


def test_admin_shows_a_key_once(admin, form, user):
    added = admin.post(reverse("admin:authentication_apikey_add"), form, follow=True)
    text = " ".join(str(message) for message in added.context["messages"])
    key = APIKey.objects.get()
    assert (key.user, key.scopes) == (user, ["read", "write"])
    secret = re.search(rf"{key.prefix}\.\w+", text)[0]
    client = APIClient(HTTP_AUTHORIZATION=f"Api-Key {secret}")
    assert client.get(ME).status_code == 200
    for url in (reverse("admin:authentication_apikey_changelist"), admin_url(key)):
        page = admin.get(url).content.decode()
        assert key.prefix in page
        assert secret not in page


def test_admin_proposes_an_expiry_and_the_scope_read(admin):
    form = admin.get(reverse("admin:authentication_apikey_add")).context["adminform"].form
    assert is_about(form["expiry_date"].initial, timezone.now() + TTL)
    assert form["scopes"].initial == ["read"]


def test_admin_demands_a_scope(admin, form):
    form.pop("scopes")
    response = admin.post(reverse("admin:authentication_apikey_add"), form)
    assert response.context["adminform"].form.errors.keys() == {"scopes"}
    assert not APIKey.objects.exists()


def test_admin_changes_scopes_but_neither_user_nor_key(admin, form, key, user, other_user):
    wishes = {"user": other_user.pk, "prefix": "chosen", "hashed_key": "x", "scopes": ["read"]}
    assert admin.post(admin_url(key), form | wishes).status_code == 302
    changed = APIKey.objects.get()
    assert (changed.pk, changed.prefix, changed.hashed_key) == (key.pk, key.prefix, key.hashed_key)
    assert (changed.user, changed.scopes, changed.name) == (user, ["read"], "from the admin")
    client = client_of(key)
    assert client.get(ME).status_code == 200
    assert_forbidden(client.patch(ME, {"first_name": "x"}))


def test_admin_revokes_for_good(admin, form, key):
    assert admin.post(admin_url(key), form | {"revoked": "on"}).status_code == 302
    assert_refused(client_of(key).get(ME))
    assert admin.post(admin_url(key), form).status_code == 302
    assert APIKey.objects.get().revoked
    APIKey.objects.update(revoked=False)
    assert_refused(client_of(key).get(ME))


def test_admin_knows_no_keys_without_a_user(admin):
    apps = admin.get("/admin/").context["app_list"]
    models = [model["model"] for app in apps for model in app["models"]]
    assert APIKey in models
    assert PackageAPIKey not in models


# Documentation


def test_documented_answers_are_the_true_ones(api_client):
    schema = api_client.get(PUBLIC).json()

    def body(response):
        return response["content"]["application/json"]["schema"]

    def fields(body):
        name = body["$ref"].split("/")[-1]
        return schema["components"]["schemas"][name]["properties"].keys()

    keys, key, rotation = (
        schema["paths"][f"{URL}{rest}"] for rest in ("", "{prefix}/", "{prefix}/rotate/")
    )
    assert keys["get"]["responses"].keys() == {"200"}
    listed = body(keys["get"]["responses"]["200"])
    assert listed["type"] == "array"
    assert fields(listed["items"]) == FIELDS
    assert keys["post"]["responses"].keys() == {"201"}
    assert fields(body(keys["post"]["responses"]["201"])) == FIELDS | {"key"}
    assert key["delete"]["responses"] == {"204": {"description": "No response body"}}
    assert "requestBody" not in rotation["post"]
    assert rotation["post"]["responses"].keys() == {"201"}
    assert fields(body(rotation["post"]["responses"]["201"])) == FIELDS | {"key"}


def test_header_is_documented(api_client):
    (scheme,) = api_client.get(PUBLIC).json()["components"]["securitySchemes"].values()
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert "Api-Key" in scheme["description"]


# {% include "shared/tests/days_tests.py" %}
