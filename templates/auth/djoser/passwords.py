# {% include "shared/token_passwords.py" %}
