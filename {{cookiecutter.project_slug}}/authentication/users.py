# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/users.py" ignore missing %}
