# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_password.py" ignore missing %}
