# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_audit.py" ignore missing %}
