# {% include "auth/" ~ cookiecutter.auth ~ "/passwords.py" ignore missing %}
