TOKEN_TTL_DAYS = env.int("TOKEN_TTL_DAYS", 30, validate=validate.Range(1, 36_500))
