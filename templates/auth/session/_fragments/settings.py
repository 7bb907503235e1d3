REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authenticators.SessionAuthentication"
]
# {% include "shared/_fragments/csrf_settings.py" %}
# Front ends on CORS_ALLOWED_ORIGINS may send the session cookie.
CORS_ALLOW_CREDENTIALS = True
# {% include "shared/_fragments/mail_settings.py" %}
AUTHENTICATION_HEADERS = ["Cookie"]
