# {% include "shared/tests/authentication/test_authentication.py" %}
