# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_password_change.py" ignore missing %}
