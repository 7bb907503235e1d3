# {% include "auth/" ~ cookiecutter.auth ~ "/tests/clients.py" %}
