# {% include "shared/tests/test_password.py" %}
