# {% include "shared/tests/authentication/test_password_reset.py" %}
