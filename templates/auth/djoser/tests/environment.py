os.environ.update(
    TOKEN_TTL_DAYS="30",
    FRONTEND_URL="https://app.example.com",
    EMAIL_URL="memorymail://",
    DEFAULT_FROM_EMAIL="api@example.com",
)
