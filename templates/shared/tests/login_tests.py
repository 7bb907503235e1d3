@pytest.fixture
def form(user, password):
    return {"username": "ursula", "password": password}


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"username": "URSULA"},
        {"username": "retired"},
        {"username": "robot"},
    ],
    ids=lambda wrong: "-".join(wrong.values()),
)
def test_failed_login_tells_nothing_and_costs_the_same(api_client, form, wrong, monkeypatch):
    User.objects.create_user("retired", password=form["password"], is_active=False)
    User.objects.create_user("robot")
    hashes = []
    encode = MD5PasswordHasher.encode

    def count(*args):
        hashes.append(args)
        return encode(*args)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)
    response = api_client.post(LOGIN_URL, form | wrong)
    assert response.status_code == 400
    assert response.json() == {"non_field_errors": ["Unable to log in with provided credentials."]}
    assert not response.cookies
    assert len(hashes) == 1


@pytest.mark.parametrize("field", ["username", "password"])
@pytest.mark.parametrize("value", ["", None, [], {}, True, "a\0b"], ids=repr)
def test_login_is_refused_for_a_bad_value(api_client, form, field, value):
    response = api_client.post(LOGIN_URL, form | {field: value})
    assert response.status_code == 400
    assert response.json().keys() == {field}


def test_login_needs_every_field(api_client, db):
    response = api_client.post(LOGIN_URL, {})
    assert response.status_code == 400
    assert response.json().keys() == {"username", "password"}


def test_spaces_of_a_password_count_at_login(api_client, user, form):
    user.set_password(" spaces at both ends count ")
    user.save()
    form["password"] = " spaces at both ends count "
    assert api_client.post(LOGIN_URL, form).status_code == 200
    form["password"] = "spaces at both ends count"
    assert api_client.post(LOGIN_URL, form).status_code == 400


def test_stale_credentials_do_not_get_in_the_way_of_login(api_client, form):
    offer_stale_credentials(api_client)
    assert api_client.post(LOGIN_URL, form).status_code == 200


def test_login_is_throttled_whatever_address_the_caller_claims(api_client, form):
    form["password"] = "wrong"
    codes = [
        api_client.post(LOGIN_URL, form, HTTP_X_FORWARDED_FOR=f"203.0.113.{i}").status_code
        for i in range(11)
    ]
    assert codes == [400] * 10 + [429]
    refused = api_client.post(LOGIN_URL, form)
    assert int(refused["Retry-After"]) > 0
    assert api_client.post(LOGIN_URL, form, REMOTE_ADDR="203.0.113.1").status_code == 400


def test_behind_a_proxy_each_client_has_a_limit_of_its_own(api_client, form, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    form["password"] = "wrong"
    for i in range(10):
        # The proxy appends the client's address to whatever the client claims.
        claimed = f"198.51.100.{i}, 203.0.113.1"
        assert api_client.post(LOGIN_URL, form, HTTP_X_FORWARDED_FOR=claimed).status_code == 400
    client, other_client = "198.51.100.99, 203.0.113.1", "198.51.100.99, 203.0.113.2"
    assert api_client.post(LOGIN_URL, form, HTTP_X_FORWARDED_FOR=client).status_code == 429
    assert api_client.post(LOGIN_URL, form, HTTP_X_FORWARDED_FOR=other_client).status_code == 400


def test_logins_are_counted_in_the_cache_that_workers_share(api_client, form):
    api_client.post(LOGIN_URL, form)
    assert cache.get("throttle_login_127.0.0.1") == 1


def test_login_is_only_posted(api_client, db):
    response = api_client.get(LOGIN_URL)
    assert response.status_code == 405
    assert response["Allow"] == "POST, OPTIONS"
