# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_oidc.py" ignore missing %}
