# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/admin.py" ignore missing %}
