# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/keys.py" ignore missing %}
