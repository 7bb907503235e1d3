# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/openapi.py" ignore missing %}
