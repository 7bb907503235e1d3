# {% include "auth/" ~ cookiecutter.auth ~ "/admin.py" ignore missing %}
