REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authentication.SessionAuthentication"
]
# Origins in CORS_ALLOWED_ORIGINS may send the session cookie.
CORS_ALLOW_CREDENTIALS = True
