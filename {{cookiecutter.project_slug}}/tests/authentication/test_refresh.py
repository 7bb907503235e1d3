# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_refresh.py" ignore missing %}
