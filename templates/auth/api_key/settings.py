INSTALLED_APPS += ["rest_framework_api_key"]
REST_FRAMEWORK["DEFAULT_AUTHENTICATION_CLASSES"] = [
    "authentication.authentication.APIKeyAuthentication"
]
API_KEY_TTL = timedelta(days=env.variable("API_KEY_TTL_DAYS", env.days, "365"))
