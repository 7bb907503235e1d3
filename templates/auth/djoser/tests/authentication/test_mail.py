# {% include "shared/tests/authentication/test_mail.py" %}
