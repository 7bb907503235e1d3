# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/login.py" ignore missing %}
