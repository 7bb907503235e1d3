@pytest.fixture
def change(password):
    return {"current_password": password, "new_password": NEW}


def test_password_is_changed(user_client, user, change):
    response = user_client.post(PASSWORD_URL, change)
    assert response.status_code == 204
    assert not response.content
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_new_password_is_not_trimmed(user_client, user, change):
    change["new_password"] = f" {NEW} "
    assert user_client.post(PASSWORD_URL, change).status_code == 204
    user.refresh_from_db()
    assert user.check_password(f" {NEW} ")


def test_change_of_password_needs_every_field(user_client):
    response = user_client.post(PASSWORD_URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"current_password", "new_password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("current_password", "wrong"),
        ("current_password", " correct-horse-battery "),
        ("current_password", ""),
        ("current_password", None),
        ("current_password", "a\0b"),
        ("new_password", ""),
        ("new_password", None),
        ("new_password", []),
        ("new_password", "a\0b-long-enough"),
        ("new_password", "Tr0ub4d"),
        ("new_password", "password123"),
        ("new_password", "7318463219"),
        ("new_password", "ursula12"),
        ("new_password", "ursula@example"),
    ],
)
def test_change_of_password_is_refused_for_a_bad(user_client, user, password, change, field, value):
    response = user_client.post(PASSWORD_URL, change | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    user.refresh_from_db()
    assert user.check_password(password)
    assert user_client.get("/api/v1/me/").status_code == 200


def test_only_the_callers_password_is_changed(user_client, other_user, password, change):
    body = change | {"id": other_user.pk, "username": other_user.username}
    assert user_client.post(PASSWORD_URL, body).status_code == 204
    other_user.refresh_from_db()
    assert other_user.check_password(password)


def test_anonymous_cannot_change_a_password(api_client, db, change):
    response = api_client.post(PASSWORD_URL, change)
    assert response.status_code == 401
    assert response["WWW-Authenticate"]


def test_password_is_only_posted(user_client):
    response = user_client.get(PASSWORD_URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
