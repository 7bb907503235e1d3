REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authenticators.SessionAuthentication"
]
# Front ends on CORS_ALLOWED_ORIGINS may send the session cookie.
CORS_ALLOW_CREDENTIALS = True
# {% include "shared/_fragments/mail_settings.py" %}
AUTHENTICATION_HEADER = "Cookie"
