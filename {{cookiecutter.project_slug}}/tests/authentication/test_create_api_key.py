# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_create_api_key.py" ignore missing %}
