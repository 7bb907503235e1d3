# {% include "shared/tests/test_auth_accounts.py" %}
