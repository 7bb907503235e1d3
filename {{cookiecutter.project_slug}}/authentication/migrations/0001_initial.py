# {% include ["auth/" ~ cookiecutter.auth ~ "/migrations/0001_initial.py", "shared/no_migration.py"] %}
