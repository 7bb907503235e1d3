def test_no_login_is_available_in_development(client, development):
    assert client.get("/api-auth/login/").status_code == 404
