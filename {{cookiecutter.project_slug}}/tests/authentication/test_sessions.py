# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_sessions.py" ignore missing %}
