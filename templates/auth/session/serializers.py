# {% include "shared/serializers.py" %}


class CSRFTokenSerializer(serializers.Serializer[None]):
    csrf_token = serializers.CharField()
