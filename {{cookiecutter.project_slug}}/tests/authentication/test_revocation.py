# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_revocation.py" ignore missing %}
