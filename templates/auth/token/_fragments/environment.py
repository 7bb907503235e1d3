# {% include "shared/_fragments/token_environment.py" %}
