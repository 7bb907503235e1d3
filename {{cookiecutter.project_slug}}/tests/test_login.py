# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_login.py" ignore missing %}
