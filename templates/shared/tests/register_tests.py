@pytest.fixture
def account(db, password):
    return {"username": "joanna", "email": "joanna@example.com", "password": password}


def test_registration_answers_with_the_user_as_me_shows_it(api_client, login_as, account):
    response = api_client.post(REGISTER_URL, account)
    assert response.status_code == 201
    user = User.objects.get(username="joanna")
    assert response.json() == {
        "id": user.pk,
        "username": "joanna",
        "email": "joanna@example.com",
        "first_name": "",
        "last_name": "",
    }
    assert response.json() == login_as(user).get("/api/v1/me/").json()


def test_registered_user_is_not_logged_in(api_client, account):
    response = api_client.post(REGISTER_URL, account)
    assert not response.cookies
    assert api_client.get("/api/v1/me/").status_code == 401


def test_registered_password_is_stored_as_a_hash(api_client, account):
    account["password"] = " spaces at both ends count "
    assert api_client.post(REGISTER_URL, account).status_code == 201
    user = User.objects.get()
    assert "spaces" not in user.password
    assert user.check_password(" spaces at both ends count ")


def test_nobody_registers_with_privileges(api_client, account):
    wishes = {"id": 999, "is_staff": True, "is_superuser": True, "is_active": False, "groups": [1]}
    assert api_client.post(REGISTER_URL, account | wishes | {"first_name": "x"}).status_code == 201
    user = User.objects.get()
    assert user.pk != 999
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.first_name == ""


def test_registration_needs_every_field(api_client, db):
    response = api_client.post(REGISTER_URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"username", "email", "password"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", None),
        ("username", ["x"]),
        ("username", "two words"),
        ("username", "x" * 151),
        ("username", "a\0b"),
        ("email", ""),
        ("email", None),
        ("email", "no address"),
        ("email", "a\0b@example.com"),
        ("email", "x" * 250 + "@example.com"),
        ("email", "x" * 248 + "@\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}.com"),
        ("password", ""),
        ("password", None),
        ("password", {}),
        ("password", "a\0b-long-enough"),
        ("password", "Tr0ub4d"),
        ("password", "password123"),
        ("password", "7318463219"),
        ("password", "joanna12"),
        ("password", "joanna@example"),
    ],
)
def test_registration_is_refused_for_a_bad(api_client, account, field, value):
    response = api_client.post(REGISTER_URL, account | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}
    assert not User.objects.exists()


def test_username_that_is_taken_is_refused(api_client, user, account):
    response = api_client.post(REGISTER_URL, account | {"username": "ursula"})
    assert response.status_code == 400
    assert response.json() == {"username": ["A user with that username already exists."]}


def test_address_that_is_taken_is_refused_whatever_its_case(api_client, user, account):
    response = api_client.post(REGISTER_URL, account | {"email": "URSULA@Example.com"})
    assert response.status_code == 400
    assert response.json() == {"email": ["A user with that e-mail address already exists."]}


@pytest.mark.parametrize("username", ["\N{FULLWIDTH LATIN SMALL LETTER U}rsula", "\ufdfa" * 150])
def test_username_that_another_spelling_stands_for_is_refused(api_client, user, account, username):
    response = api_client.post(REGISTER_URL, account | {"username": username})
    assert response.status_code == 400
    assert response.json().keys() == {"username"}


def test_stale_credentials_do_not_get_in_the_way_of_registration(api_client, account):
    offer_stale_credentials(api_client)
    assert api_client.post(REGISTER_URL, account).status_code == 201


def test_registration_is_throttled(api_client, db):
    codes = [
        api_client.post(REGISTER_URL, {}, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(11)
    ]
    assert codes == [400] * 10 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_registrations_of_one_name_one_wins(account, monkeypatch):
    # By the time that it looks at the password, validation has found the name free.
    both_find_it_free = Barrier(2, timeout=10)

    def register(_):
        try:
            return APIClient().post(REGISTER_URL, account)
        finally:
            connection.close()

    monkeypatch.setattr(CommonPasswordValidator, "validate", lambda *args: both_find_it_free.wait())
    with ThreadPoolExecutor(2) as pool:
        responses = sorted(pool.map(register, range(2)), key=lambda response: response.status_code)
    assert [response.status_code for response in responses] == [201, 400]
    assert responses[1].json().keys() == {"non_field_errors"}
    assert User.objects.count() == 1
