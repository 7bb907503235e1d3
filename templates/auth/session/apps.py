# {% include "shared/apps_with_schema.py" %}
