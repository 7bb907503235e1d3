# {% include "shared/_fragments/token_settings.py" %}
# {% include "shared/_fragments/mail_settings.py" %}
AUTHENTICATION_HEADERS = ["Authorization"]
