# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_mfa.py" ignore missing %}
