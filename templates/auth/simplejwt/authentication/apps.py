# {% include "shared/authentication/apps.py" %}
