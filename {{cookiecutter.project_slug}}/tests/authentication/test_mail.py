# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_mail.py" ignore missing %}
