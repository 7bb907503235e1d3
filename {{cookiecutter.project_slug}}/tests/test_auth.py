# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_auth.py" %}
