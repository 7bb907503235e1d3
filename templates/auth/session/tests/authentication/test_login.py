# {% include "shared/tests/authentication/test_login.py" %}
