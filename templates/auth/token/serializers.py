# {% include "shared/serializers.py" %}


class TokenSerializer(serializers.Serializer[None]):
    token = serializers.CharField()
