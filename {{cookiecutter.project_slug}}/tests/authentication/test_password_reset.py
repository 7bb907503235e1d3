# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_password_reset.py" ignore missing %}
