# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_login.py" ignore missing %}
