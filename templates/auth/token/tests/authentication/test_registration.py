# {% include "shared/tests/authentication/test_registration.py" %}
