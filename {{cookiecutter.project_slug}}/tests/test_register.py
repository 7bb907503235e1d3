# {% include "auth/" ~ cookiecutter.auth ~ "/tests/test_register.py" ignore missing %}
