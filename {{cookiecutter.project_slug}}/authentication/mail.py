# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/mail.py" ignore missing %}
