API_KEY_TTL_DAYS = env.int("API_KEY_TTL_DAYS", 365, validate=validate.Range(1, 36_500))
