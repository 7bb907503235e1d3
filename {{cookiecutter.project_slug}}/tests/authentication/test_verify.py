# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_verify.py" ignore missing %}
