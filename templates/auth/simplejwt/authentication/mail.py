# {% include "shared/authentication/mail.py" %}
