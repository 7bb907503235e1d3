# {% include "shared/_fragments/mail_environment.py" %}
