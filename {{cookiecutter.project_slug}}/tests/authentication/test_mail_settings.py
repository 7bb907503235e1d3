# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_mail_settings.py" ignore missing %}
