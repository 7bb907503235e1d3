# {% include "shared/token_authentication.py" %}
