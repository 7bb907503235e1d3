# {% include "auth/" ~ cookiecutter.auth ~ "/tokens.py" ignore missing %}
