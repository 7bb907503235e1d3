# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_csrf.py" ignore missing %}
