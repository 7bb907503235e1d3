INSTALLED_APPS += ["rest_framework.authtoken"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.tokens.TokenAuthentication",
    # The browsable API logs in with a session.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = ["authentication.tokens.TokenAuthentication"]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "authentication.tokens.RevokeTokenOnPasswordChange"}]
TOKEN_TTL = timedelta(days=TOKEN_TTL_DAYS)
