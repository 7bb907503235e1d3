# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_concurrency.py" ignore missing %}
