# {% include "shared/_fragments/token_settings.py" %}
INSTALLED_APPS += ["djoser"]
FRONTEND_PROTOCOL, _, FRONTEND_DOMAIN = FRONTEND_URL.partition("://")
DJOSER = {
    "HIDE_USERS": True,
    # Links in emails lead to the front end, whatever the Host header of the request is.
    "EMAIL_FRONTEND_PROTOCOL": FRONTEND_PROTOCOL,
    "EMAIL_FRONTEND_DOMAIN": FRONTEND_DOMAIN,
    "EMAIL_FRONTEND_SITE_NAME": PROJECT_NAME,
    "PASSWORD_RESET_CONFIRM_URL": "password-reset/{uid}/{token}",
    "EMAIL": {"password_reset": "authentication.email.PasswordResetEmail"},
    "SERIALIZERS": {
        "user": "accounts.serializers.UserSerializer",
        "current_user": "accounts.serializers.UserSerializer",
        "user_create": "authentication.serializers.RegistrationSerializer",
        "user_delete": "authentication.passwords.UserDeleteSerializer",
        "token_create": "rest_framework.authtoken.serializers.AuthTokenSerializer",
        "set_password": "authentication.passwords.SetPasswordSerializer",
        "password_reset": "authentication.passwords.PasswordResetSerializer",
        "password_reset_confirm": "authentication.passwords.PasswordResetConfirmSerializer",
    },
}
# EMAIL_BACKEND, EMAIL_HOST and so on
globals().update(EMAIL)
EMAIL_TIMEOUT = 10  # seconds
