# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/adapters.py" ignore missing %}
