# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/models.py" ignore missing %}
