def age_token(user, age):
    created = timezone.now() - age
    Token.objects.filter(user=user).update(created=created)
    return created


def assert_challenged(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Token"
    assert response.json().keys() == {"detail"}


def test_token_is_the_same_while_it_is_valid(api_client, form):
    assert log_in(api_client, form) == log_in(api_client, form)


def test_each_user_has_a_token_of_their_own(api_client, form, other_user):
    assert log_in(api_client, form) != log_in(api_client, form | {"username": "octavia"})


def test_token_proves_who_its_bearer_is(api_client, form):
    api_client.credentials(HTTP_AUTHORIZATION=f"Token {log_in(api_client, form)}")
    assert api_client.get(ME).json()["username"] == "ursula"
    assert api_client.patch(ME, {"first_name": "Ursula"}).status_code == 200


def test_session_proves_nothing(user):
    client = APIClient()
    client.force_login(user)
    assert client.get(ME).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        "Token",
        "Token ",
        "Token unknown",
        "Token two words",
        "Token a\0b",
        "Token é",
        "Token \xff",
        f"Token {'x' * 10_000}",
        "token unknown",
    ],
)
@pytest.mark.parametrize("path", [ME, PUBLIC])
def test_credentials_that_are_wrong_are_refused_on_reads_too(api_client, db, header, path):
    assert_challenged(api_client.get(path, HTTP_AUTHORIZATION=header))


@pytest.mark.parametrize("header", ["", "Bearer x", "Basic dXJzdWxhOng=", "Tokenx y", "\xff"])
def test_foreign_authorization_header_means_anonymous(api_client, db, header):
    assert_challenged(api_client.get(ME, HTTP_AUTHORIZATION=header))
    assert api_client.get(PUBLIC, HTTP_AUTHORIZATION=header).status_code == 200


def test_token_lives_as_long_as_it_should(user_client, user, settings):
    age_token(user, settings.TOKEN_TTL - timedelta(minutes=1))
    assert user_client.get(ME).status_code == 200


def test_token_expires(user_client, user, settings):
    assert timedelta(days=30) == settings.TOKEN_TTL
    age_token(user, settings.TOKEN_TTL)
    assert_challenged(user_client.get(ME))
    assert_challenged(user_client.get(PUBLIC))


def test_login_replaces_a_token_that_has_expired(api_client, user_client, user, form, settings):
    age_token(user, settings.TOKEN_TTL)
    old = user.auth_token.key
    new = log_in(api_client, form)
    assert new != old
    assert_challenged(user_client.get(ME))
    user_client.credentials(HTTP_AUTHORIZATION=f"Token {new}")
    assert user_client.get(ME).status_code == 200


def test_login_does_not_prolong_a_token(api_client, user, form, user_client):
    created = age_token(user, timedelta(days=3))
    log_in(api_client, form)
    assert Token.objects.get(user=user).created == created


def test_logout_ends_the_token(user_client, login_as, other_user):
    elsewhere = login_as(other_user)
    response = user_client.post(LOGOUT_URL)
    assert response.status_code == 204
    assert not response.content
    assert_challenged(user_client.get(ME))
    assert elsewhere.get(ME).status_code == 200


def test_anonymous_cannot_log_out(api_client, db):
    assert_challenged(api_client.post(LOGOUT_URL))


def test_logout_is_only_posted(user_client):
    response = user_client.get(LOGOUT_URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"


def test_token_of_a_deactivated_user_is_refused(user_client, user):
    user.is_active = False
    user.save()
    assert_challenged(user_client.get(ME))
    assert_challenged(user_client.get(PUBLIC))


def test_token_of_a_deleted_user_is_refused(user_client, user):
    user.delete()
    assert_challenged(user_client.get(ME))


def test_password_change_ends_the_token(user_client, login_as, other_user, password):
    elsewhere = login_as(other_user)
    change = {"current_password": password, "new_password": "staple-battery-horse"}
    assert user_client.post(PASSWORD_URL, change).status_code == 204
    assert_challenged(user_client.get(ME))
    assert elsewhere.get(ME).status_code == 200


def test_password_set_in_the_admin_ends_the_token(user_client, user, staff):
    User.objects.update(is_superuser=True)
    admin = Client()
    admin.force_login(staff)
    new = "staple-battery-horse"
    form = {"usable_password": "true", "password1": new, "password2": new}
    response = admin.post(reverse("admin:auth_user_password_change", args=[user.pk]), form)
    assert response.status_code == 302
    assert_challenged(user_client.get(ME))


def test_password_set_in_code_ends_the_token(user_client, user):
    user.set_password("staple-battery-horse")
    user.save()
    assert_challenged(user_client.get(ME))


def test_login_rehashes_an_old_password_and_keeps_the_token(api_client, user, form, settings):
    token = log_in(api_client, form)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert log_in(api_client, form) == token
    user.refresh_from_db()
    assert user.password.startswith("scrypt$")


def test_operator_makes_a_token(api_client, user, capsys):
    call_command("drf_create_token", "ursula")
    token = capsys.readouterr().out.split()[2]
    api_client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    assert api_client.get(ME).json()["username"] == "ursula"


def test_recognising_the_caller_takes_one_query(user_client, django_assert_num_queries):
    with django_assert_num_queries(1):
        user_client.get(ME)


# {% include "shared/tests/days_tests.py" %}
