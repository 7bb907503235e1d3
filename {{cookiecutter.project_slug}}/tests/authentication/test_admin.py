# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_admin.py" ignore missing %}
