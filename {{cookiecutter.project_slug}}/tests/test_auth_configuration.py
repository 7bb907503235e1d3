# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_auth_configuration.py" ignore missing %}
