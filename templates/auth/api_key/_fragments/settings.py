INSTALLED_APPS += ["rest_framework_api_key"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authenticators.APIKeyAuthentication"
]
API_KEY_TTL = timedelta(days=API_KEY_TTL_DAYS)
AUTHENTICATION_HEADERS = ["Authorization"]
