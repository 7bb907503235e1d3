def log_in(client, user):
    """Give the client the user's session and the CSRF token that unsafe requests need."""
    client.force_login(user)
    csrf_token = client.get("/api/v1/auth/csrf/").json()["csrf_token"]
    client.credentials(HTTP_X_CSRFTOKEN=csrf_token)
