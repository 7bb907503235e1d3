# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_auth_reset.py" ignore missing %}
