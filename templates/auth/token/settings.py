# {% include "shared/token_settings.py" %}
