EMAIL = env.email_url("EMAIL_URL", in_development("console://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", in_development("webmaster@localhost"))
FRONTEND_URL = env.web_url("FRONTEND_URL", in_development("http://localhost:3000"))
