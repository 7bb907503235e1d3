# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_registration.py" ignore missing %}
