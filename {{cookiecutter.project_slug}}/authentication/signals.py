# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/signals.py" ignore missing %}
