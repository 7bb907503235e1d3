import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse, reverse_lazy
from django.utils.html import escape

from accounts.models import User

ADMIN_LOGIN = reverse_lazy("admin:login")


@pytest.fixture
def models(admin_client):
    """Return the models in the admin: their names and URLs."""
    apps = admin_client.get(reverse("admin:index")).context["app_list"]
    return [model for app in apps for model in app["models"]]


def test_every_page_of_admin_opens(admin_client, user_client, models):
    # The client has a token, a key or the like, which is in the admin.
    assert "User" in [model["object_name"] for model in models]
    for model in models:
        url = model["admin_url"]
        changelist = admin_client.get(url).context["cl"]
        search_and_filters = "?q=x"
        for filter in changelist.filter_specs:
            *_, choice = filter.choices(changelist)
            search_and_filters += choice["query_string"].replace("?", "&", 1)
        pages = [url + search_and_filters]
        pages += [changelist.url_for_result(row) for row in changelist.result_list[:1]]
        pages += [model["add_url"]] if model["add_url"] else []
        assert {admin_client.get(page).status_code for page in pages} == {200}


def test_lists_in_admin_need_constant_number_of_queries(admin_client, login_as, models):
    def count_queries(url):
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(url).status_code == 200
        return len(queries)

    counts = []
    for username in ("first", "second"):
        login_as(User.objects.create_user(username, f"{username}@example.com"))
        counts.append([count_queries(model["admin_url"]) for model in models])
    assert counts[0] == counts[1]


def test_admin_searches_and_filters_users(admin_client, user, other_user, staff):
    url = reverse("admin:accounts_user_changelist")
    for parameters, expected in (
        ({"q": user.username[:4]}, [user]),
        ({"q": other_user.email}, [other_user]),
        ({"is_staff__exact": "1", "is_superuser__exact": "0"}, [staff]),
    ):
        assert list(admin_client.get(url, parameters).context["cl"].result_list) == expected


def test_admin_has_name_of_project(client, db, settings):
    page = client.get(reverse("admin:login")).content.decode()
    assert escape(settings.PROJECT_NAME) in page


def test_admin_escapes_html(admin_client, user):
    user.first_name = "<script>alert(1)</script>"
    user.save()
    query = {"q": f'{user.username}"><script>alert(2)</script>'}
    for parameters, text in (({}, user.first_name), (query, query["q"])):
        response = admin_client.get(reverse("admin:accounts_user_changelist"), parameters)
        page = response.content.decode()
        assert text not in page
        assert escape(text) in page


def test_user_can_be_created_with_unique_email_address(admin_client, user, password):
    url = reverse("admin:accounts_user_add")
    form = {"username": "grace", "usable_password": "true"}
    form |= {"password1": password, "password2": password}
    page = admin_client.get(url).content.decode()
    assert all(f'name="{name}"' in page for name in [*form, "email"])
    rejected = admin_client.post(url, form | {"email": user.email.upper()})
    assert "already exists" in rejected.content.decode()
    assert admin_client.post(url, form | {"email": "grace@example.com"}).status_code == 302
    assert User.objects.get(username="grace").email == "grace@example.com"


def test_admin_login_requires_csrf_token(staff, password):
    client = Client(enforce_csrf_checks=True)
    response = client.post(ADMIN_LOGIN, {"username": staff.username, "password": password})
    assert response.status_code == 403
    assert not client.session.keys()


def test_session_cookie_of_admin_is_protected_from_scripts_and_other_sites(
    client, staff, password, settings
):
    response = client.post(ADMIN_LOGIN, {"username": staff.username, "password": password})
    assert response.status_code == 302
    cookie = response.cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert response.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_admin_login_changes_session_key(client, staff, password):
    keys = set()
    for _ in range(3):
        client.post(ADMIN_LOGIN, {"username": staff.username, "password": password})
        keys.add(client.session.session_key)
    assert len(keys) == 3
    assert all(re.fullmatch("[a-z0-9]{32}", key) for key in keys)
    assert Session.objects.get().session_key == client.session.session_key


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_admin_login_redirects_only_to_this_host(client, staff, password, settings, url):
    form = {"username": staff.username, "password": password, "next": url}
    response = client.post(ADMIN_LOGIN, form)
    assert response.status_code == 302
    assert response["Location"] == settings.LOGIN_REDIRECT_URL


def test_admin_sets_no_other_cookies(admin_client, user, settings):
    url = reverse("admin:accounts_user_delete", args=[user.pk])
    response = admin_client.post(url, {"post": "yes"})
    assert response.status_code == 302  # with a message for the next page
    names = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    assert admin_client.cookies.keys() <= names


def test_admin_logout_ends_session(admin_client, settings):
    key = admin_client.session.session_key
    assert admin_client.get(reverse("admin:logout")).status_code == 405
    assert admin_client.post(reverse("admin:logout")).status_code == 200
    admin_client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert admin_client.get(reverse("admin:index")).status_code == 302


def test_admin_ends_with_deactivation_of_user(admin_client, admin_user):
    User.objects.filter(pk=admin_user.pk).update(is_active=False)
    assert admin_client.get(reverse("admin:index")).status_code == 302


def test_admin_does_not_log_in_users_who_are_not_staff(client, user, password):
    response = client.post(ADMIN_LOGIN, {"username": user.username, "password": password})
    assert "staff account" in response.content.decode()
    assert not Session.objects.exists()


def test_admin_is_only_for_staff(client, user):
    client.force_login(user)
    assert client.get(reverse("admin:index")).status_code == 302


def test_password_fields_of_admin_are_masked_and_can_be_filled_in(client, admin_client):
    for page, number in (
        (client.get(ADMIN_LOGIN), 1),
        (admin_client.get(reverse("admin:password_change")), 3),
    ):
        html = page.content.decode()
        fields = re.findall(r'<input[^>]*name="\w*password[^>]*>', html)
        assert len(fields) == number
        for field in fields:
            assert 'type="password"' in field
            assert "-password" in field  # autocomplete="current-password" or "new-password"
            assert "maxlength" not in field
        assert "onpaste" not in html
    assert "Password changes are logged." in html


@pytest.mark.parametrize(
    ("old", "new", "accepted"),
    [
        ("correct-horse-battery", "staple-battery-horse", True),
        ("correct-horse-battery", f" {'long ' * 20}", True),
        ("wrong", "staple-battery-horse", False),
        ("", "staple-battery-horse", False),
        ("correct-horse-battery", "Tr0ub4d", False),
        ("correct-horse-battery", "password123", False),
        ("correct-horse-battery", "stefan@example", False),
    ],
)
def test_password_change_in_admin_checks_old_and_new_password(client, staff, old, new, accepted):
    client.force_login(staff)
    form = {"old_password": old, "new_password1": new, "new_password2": new}
    response = client.post(reverse("admin:password_change"), form)
    assert response.status_code == (302 if accepted else 200)
    staff.refresh_from_db()
    assert staff.check_password(new) is accepted


def test_password_change_in_admin_ends_other_sessions(client, staff, password, new_password):
    client.force_login(staff)
    other_client = Client()
    other_client.force_login(staff)
    form = {"old_password": password, "new_password1": new_password, "new_password2": new_password}
    assert client.post(reverse("admin:password_change"), form).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    assert other_client.get(reverse("admin:index")).status_code == 302
