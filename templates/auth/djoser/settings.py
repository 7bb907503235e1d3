# {% include "shared/token_settings.py" %}
INSTALLED_APPS += ["djoser"]
FRONTEND_URL = env.variable("FRONTEND_URL", env.url, in_development("http://localhost:3000"))
DJOSER = {
    "HIDE_USERS": True,
    "EMAIL_FRONTEND_PROTOCOL": FRONTEND_URL.partition("://")[0],
    "EMAIL_FRONTEND_DOMAIN": FRONTEND_URL.partition("://")[2],
    "EMAIL_FRONTEND_SITE_NAME": PROJECT_NAME,
    # The page of the front end that asks for a new password.
    "PASSWORD_RESET_CONFIRM_URL": "password-reset/{uid}/{token}",
    "EMAIL": {"password_reset": "authentication.email.PasswordResetEmail"},
    "SERIALIZERS": {
        "user": "accounts.serializers.UserSerializer",
        "current_user": "accounts.serializers.UserSerializer",
        "user_create": "authentication.serializers.RegisterSerializer",
        "user_delete": "authentication.serializers.UserDeleteSerializer",
        "token_create": "rest_framework.authtoken.serializers.AuthTokenSerializer",
        "set_password": "authentication.serializers.SetPasswordSerializer",
        "password_reset": "authentication.serializers.PasswordResetSerializer",
        "password_reset_confirm": "authentication.serializers.PasswordResetConfirmSerializer",
    },
}
globals().update(env.variable("EMAIL_URL", env.email, in_development("consolemail://")))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.variable("DEFAULT_FROM_EMAIL", str, in_development("webmaster@localhost"))
