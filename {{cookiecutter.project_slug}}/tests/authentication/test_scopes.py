# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_scopes.py" ignore missing %}
