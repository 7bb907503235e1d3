# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_claims.py" ignore missing %}
