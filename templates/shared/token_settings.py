INSTALLED_APPS += ["rest_framework.authtoken"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authentication.TokenAuthentication"
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "authentication.passwords.EndToken"}]
TOKEN_TTL = timedelta(days=env.variable("TOKEN_TTL_DAYS", env.days, "30"))
