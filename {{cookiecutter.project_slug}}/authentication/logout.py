# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/logout.py" ignore missing %}
