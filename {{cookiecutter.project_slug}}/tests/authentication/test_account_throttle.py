# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_account_throttle.py" ignore missing %}
