# {% include "auth/" ~ cookiecutter.auth ~ "/models.py" ignore missing %}
