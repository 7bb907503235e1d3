# {% include "shared/tests/authentication/test_audit.py" %}
