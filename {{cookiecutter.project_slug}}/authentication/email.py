# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/email.py" ignore missing %}
