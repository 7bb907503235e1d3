INSTALLED_APPS += [
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authenticators.SessionTokenAuthentication",
    "rest_framework.authentication.SessionAuthentication",
]
SPECTACULAR_SETTINGS["EXTERNAL_DOCS"] = {
    "description": "Sign-up, login and accounts: the API of django-allauth",
    "url": "/api/v1/auth/docs/",
}
# {% include "shared/_fragments/csrf_settings.py" %}
AUTHENTICATION_HEADERS = ["X-Session-Token", "Cookie"]
# Front ends on CORS_ALLOWED_ORIGINS may send the session cookie and the headers of allauth.
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS += ["x-email-verification-key", "x-password-reset-key", "x-session-token"]
# {% include "shared/_fragments/mail_settings.py" %}

# https://docs.allauth.org/en/latest/headless/configuration.html
HEADLESS_ONLY = True
HEADLESS_ADAPTER = "authentication.adapters.HeadlessAdapter"
HEADLESS_TOKEN_STRATEGY = "authentication.authenticators.SessionTokenStrategy"  # noqa: S105
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # Swagger UI shows the document instead
HEADLESS_FRONTEND_URLS = {
    "account_reset_password": f"{FRONTEND_URL}/password-reset",
    "account_reset_password_from_key": FRONTEND_URL + "/password-reset/{key}",
    "account_signup": f"{FRONTEND_URL}/signup",
    "socialaccount_login_error": f"{FRONTEND_URL}/login",
}
# https://docs.allauth.org/en/latest/account/configuration.html
ACCOUNT_ADAPTER = "authentication.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "authentication.registration.SignupForm"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = int(timedelta(minutes=10).total_seconds())
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
# A user has one address. A new one replaces it once it is verified.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{PROJECT_NAME}] "
# allauth writes `10/min` as `10/m/ip`, and `off` as None.
logins, _, unit = LOGIN_THROTTLE_RATE.partition("/")
LOGIN_RATE_LIMIT = f"{logins}/{unit[0]}/ip" if unit else None
ACCOUNT_RATE_LIMITS = {"login": LOGIN_RATE_LIMIT, "signup": LOGIN_RATE_LIMIT}
ALLAUTH_TRUSTED_PROXY_COUNT = NUM_PROXIES
MFA_TOTP_ISSUER = PROJECT_NAME
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
if OIDC_PROVIDER_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "oidc",
            "name": "OpenID Connect",
            "client_id": OIDC_CLIENT_ID,
            "secret": OIDC_CLIENT_SECRET,
            "settings": {"server_url": OIDC_PROVIDER_URL},
        }
    ]
