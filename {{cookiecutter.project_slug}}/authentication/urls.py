# {% include "auth/" ~ cookiecutter.auth ~ "/urls.py" %}
