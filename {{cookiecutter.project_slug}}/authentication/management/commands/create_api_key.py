# {% include "auth/" ~ cookiecutter.auth ~ "/management/commands/create_api_key.py" ignore missing %}
