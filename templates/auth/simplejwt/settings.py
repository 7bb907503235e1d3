INSTALLED_APPS += ["rest_framework_simplejwt.token_blacklist"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "rest_framework_simplejwt.authentication.JWTAuthentication",
    # The browsable API has a login of its own: /api-auth/login/.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = [
    "rest_framework_simplejwt.authentication.JWTAuthentication"
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "authentication.tokens.EndTokens"}]
SIMPLE_JWT = {
    "SIGNING_KEY": env.variable(
        "JWT_SIGNING_KEY", env.signing_key, in_development("for-development-only" * 4)
    ),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    # A token holds a hash of the password's hash: it ends when the password changes.
    "CHECK_REVOKE_TOKEN": True,
}
