# {% include "shared/tests/test_login.py" %}
