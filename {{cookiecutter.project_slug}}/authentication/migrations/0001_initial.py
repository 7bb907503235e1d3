# {% include ["auth/" ~ cookiecutter.auth ~ "/authentication/migrations/0001_initial.py", "shared/authentication/migrations/0001_initial.py"] %}
