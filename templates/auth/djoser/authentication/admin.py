# {% include "shared/authentication/admin.py" %}
