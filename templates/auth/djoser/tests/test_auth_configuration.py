# {% include "shared/tests/test_auth_configuration.py" %}


@pytest.mark.parametrize(
    ("cast", "value"),
    [
        (env.url, "app.example.com"),
        (env.url, "ftp://app.example.com"),
        (env.email, "mail.example.com"),
        (env.email, "https://mail.example.com"),
    ],
)
def test_url_of_the_wrong_kind_stops_the_start(monkeypatch, cast, value):
    monkeypatch.setenv("SOMETHING", value)
    with pytest.raises(SystemExit, match=r"^SOMETHING is not valid: .*$"):
        env.variable("SOMETHING", cast)


def test_url_of_the_front_end_may_end_in_a_slash():
    assert env.url("https://app.example.com/") == "https://app.example.com"
