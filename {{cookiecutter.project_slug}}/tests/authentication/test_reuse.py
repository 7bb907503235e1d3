# {% include "auth/" ~ cookiecutter.auth ~ "/tests/authentication/test_reuse.py" ignore missing %}
