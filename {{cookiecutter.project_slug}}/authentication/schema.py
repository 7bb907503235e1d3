# {% include "auth/" ~ cookiecutter.auth ~ "/schema.py" ignore missing %}
