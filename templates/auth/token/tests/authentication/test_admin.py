# {% include "shared/tests/authentication/test_admin.py" %}
