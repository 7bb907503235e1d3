# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/tokens.py" ignore missing %}
