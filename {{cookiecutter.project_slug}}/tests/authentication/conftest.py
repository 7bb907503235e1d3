# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/conftest.py" ignore missing %}
