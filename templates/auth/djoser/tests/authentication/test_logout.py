# {% include "shared/tests/authentication/test_logout.py" %}
