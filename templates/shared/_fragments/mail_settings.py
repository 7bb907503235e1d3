# EMAIL_BACKEND, EMAIL_HOST and so on
globals().update(EMAIL)
EMAIL_TIMEOUT = 10  # seconds
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
