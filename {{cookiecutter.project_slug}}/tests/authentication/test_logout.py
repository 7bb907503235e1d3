# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_logout.py" ignore missing %}
