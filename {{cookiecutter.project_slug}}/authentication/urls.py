# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/urls.py" %}
