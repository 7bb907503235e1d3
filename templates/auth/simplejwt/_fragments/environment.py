JWT_SIGNING_KEY = env.str(
    "JWT_SIGNING_KEY",
    in_development("insecure-development-key" * 3),
    validate=[
        validate.Length(min=64, error="Use at least 64 characters."),
        validate.NoneOf([SECRET_KEY], error="Use another key than SECRET_KEY."),
    ],
)
# {% include "shared/_fragments/mail_environment.py" %}
