# {% include ["auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_authentication.py", "shared/tests/authentication/test_authentication.py"] %}
