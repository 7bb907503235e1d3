INSTALLED_APPS += ["rest_framework.authtoken"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authentication.TokenAuthentication",
    # The browsable API has a login of its own: /api-auth/login/.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = [
    "authentication.authentication.TokenAuthentication"
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "authentication.tokens.EndToken"}]
TOKEN_TTL = timedelta(days=env.variable("TOKEN_TTL_DAYS", env.days, "30"))
