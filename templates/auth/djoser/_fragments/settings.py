# {% include "shared/_fragments/token_settings.py" %}
INSTALLED_APPS += ["djoser"]
DJOSER = {
    "HIDE_USERS": True,
    "SERIALIZERS": {
        "user": "accounts.serializers.UserSerializer",
        "current_user": "accounts.serializers.UserSerializer",
        "user_create": "authentication.serializers.RegistrationSerializer",
        "user_delete": "authentication.serializers.CurrentPasswordSerializer",
        "token_create": "rest_framework.authtoken.serializers.AuthTokenSerializer",
        "set_password": "authentication.serializers.PasswordChangeSerializer",
        "password_reset": "authentication.serializers.PasswordResetSerializer",
        "password_reset_confirm": "authentication.serializers.PasswordResetConfirmSerializer",
    },
}
# {% include "shared/_fragments/mail_settings.py" %}
AUTHENTICATION_HEADERS = ["Authorization"]
