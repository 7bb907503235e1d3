# {% include "auth/" ~ cookiecutter.auth ~ "/authentication.py" ignore missing %}
