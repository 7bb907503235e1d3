# {% include "shared/_fragments/mail_environment.py" %}
OIDC_PROVIDER_URL = env.web_url("OIDC_PROVIDER_URL", "")
# Set all three variables or none: a provider needs a client, and a client needs a provider.
client_default: Any = ... if OIDC_PROVIDER_URL else ""
client_length = validate.Length(
    max=None if OIDC_PROVIDER_URL else 0, error="Set OIDC_PROVIDER_URL, too."
)
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", client_default, validate=client_length)
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", client_default, validate=client_length)
