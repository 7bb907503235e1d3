# {% include ["auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_browsable_api.py", "shared/tests/authentication/test_browsable_api.py"] %}
