# {% include "shared/tests/authentication/test_account_throttle.py" %}
