# {% include "shared/tests/authentication/test_password_reset_confirm.py" %}
