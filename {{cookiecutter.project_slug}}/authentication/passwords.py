# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/passwords.py" ignore missing %}
