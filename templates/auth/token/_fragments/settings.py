# {% include "shared/_fragments/token_settings.py" %}
