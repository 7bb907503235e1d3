# {% include "shared/tests/authentication/test_password_change.py" %}
