INSTALLED_APPS += ["rest_framework_simplejwt.token_blacklist"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authenticators.JWTAuthentication",
    # The browsable API logs in with a session.
    *(["rest_framework.authentication.SessionAuthentication"] if DEBUG else []),
]
SPECTACULAR_SETTINGS["AUTHENTICATION_WHITELIST"] = [
    "authentication.authenticators.JWTAuthentication"
]
SIMPLE_JWT = {
    "SIGNING_KEY": JWT_SIGNING_KEY,
    "ISSUER": "{{ cookiecutter.project_slug }}",
    "AUDIENCE": "{{ cookiecutter.project_slug }}",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=5),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "AUTH_TOKEN_CLASSES": ["authentication.jwt.AccessToken"],
}
# A login ends after this time, however often its tokens are refreshed.
LOGIN_LIFETIME = timedelta(days=30)
# A refresh token that is used again after this time may be stolen: see RFC 9700, section 4.14.
REFRESH_GRACE_PERIOD = timedelta(seconds=10)
# {% include "shared/_fragments/mail_settings.py" %}
AUTHENTICATION_HEADERS = ["Authorization"]
