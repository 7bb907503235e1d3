# {% include "auth/" ~ cookiecutter.auth ~ "/apps.py" ignore missing %}
