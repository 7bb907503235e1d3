# {% include "auth/" ~ cookiecutter.auth ~ "/email.py" ignore missing %}
