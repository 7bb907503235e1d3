# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/apps.py" ignore missing %}
