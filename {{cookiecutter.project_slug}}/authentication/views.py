# {% include "auth/" ~ cookiecutter.auth ~ "/views.py" ignore missing %}
