# {% include "shared/tests/clients.py" %}
