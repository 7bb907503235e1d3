# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_rotation.py" ignore missing %}
