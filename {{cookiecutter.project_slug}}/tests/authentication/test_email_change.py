# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_email_change.py" ignore missing %}
