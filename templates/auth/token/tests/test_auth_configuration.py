# {% include "shared/tests/test_auth_configuration.py" %}
