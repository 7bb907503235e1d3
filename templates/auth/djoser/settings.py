# {% include "shared/token_settings.py" %}
INSTALLED_APPS += ["djoser"]
FRONTEND_URL = env.url("FRONTEND_URL", default=in_development("http://localhost:3000"))
DJOSER = {
    "HIDE_USERS": True,
    "EMAIL_FRONTEND_PROTOCOL": FRONTEND_URL.scheme,
    "EMAIL_FRONTEND_DOMAIN": FRONTEND_URL.netloc + FRONTEND_URL.path.rstrip("/"),
    "EMAIL_FRONTEND_SITE_NAME": PROJECT_NAME,
    # The page of the front end that asks for a new password.
    "PASSWORD_RESET_CONFIRM_URL": "password-reset/{uid}/{token}",
    "EMAIL": {"password_reset": "authentication.email.PasswordResetEmail"},
    "SERIALIZERS": {
        "user": "accounts.serializers.UserSerializer",
        "current_user": "accounts.serializers.UserSerializer",
        "user_create": "authentication.serializers.RegisterSerializer",
        "password_reset": "authentication.serializers.PasswordResetSerializer",
    },
}
globals().update(env.email("EMAIL_URL", default=in_development("consolemail://")))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=in_development("webmaster@localhost"))
