# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_authentication.py" ignore missing %}
