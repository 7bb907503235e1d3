# {% include "auth/" ~ cookiecutter.auth ~ "/authentication/serializers.py" ignore missing %}
