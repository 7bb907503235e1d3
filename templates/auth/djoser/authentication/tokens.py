# {% include "shared/authentication/tokens.py" %}
