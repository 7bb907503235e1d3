# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/authenticators.py" ignore missing %}
