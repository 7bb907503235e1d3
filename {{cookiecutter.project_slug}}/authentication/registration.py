# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/registration.py" ignore missing %}
