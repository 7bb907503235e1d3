# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/jwt.py" ignore missing %}
