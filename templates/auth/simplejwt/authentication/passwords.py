# {% include "shared/authentication/passwords.py" %}
