# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_password_reset_confirm.py" ignore missing %}
