# {% include "auth/" ~ cookiecutter.auth ~ "/migrations/0001_initial.py" ignore missing %}
