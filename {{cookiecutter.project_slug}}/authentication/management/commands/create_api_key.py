# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/management/commands/create_api_key.py" ignore missing %}
