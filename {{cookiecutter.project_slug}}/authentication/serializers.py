# {% include "auth/" ~ cookiecutter.auth ~ "/serializers.py" ignore missing %}
