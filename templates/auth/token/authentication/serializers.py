# {% include "shared/authentication/serializers.py" %}
