# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_settings.py" ignore missing %}
