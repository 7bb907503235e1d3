# {% include "shared/end_token.py" %}
