# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_users.py" ignore missing %}
