# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_auth_accounts.py" ignore missing %}
