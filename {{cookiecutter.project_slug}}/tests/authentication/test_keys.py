# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_keys.py" ignore missing %}
