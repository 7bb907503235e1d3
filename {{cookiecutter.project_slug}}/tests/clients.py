# {% include ["auth/" ~ cookiecutter.auth ~ "/tests/clients.py", "shared/tests/clients.py"] %}
