# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_openapi.py" ignore missing %}
