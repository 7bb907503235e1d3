# {% include "shared/_fragments/token_environment.py" %}
# {% include "shared/_fragments/mail_environment.py" %}
