# {% include "shared/tests/authentication/test_mail_settings.py" %}
