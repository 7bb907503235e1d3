INSTALLED_APPS += ["rest_framework_simplejwt.token_blacklist"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "rest_framework_simplejwt.authentication.JWTAuthentication",
    # The browsable API logs in with a session.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = [
    "rest_framework_simplejwt.authentication.JWTAuthentication"
]
SIMPLE_JWT = {
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    # Tokens contain a hash of the password hash, so changing the password revokes them.
    "CHECK_REVOKE_TOKEN": True,
}
