from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from api.serializers import ModelSerializer


@extend_schema_serializer(
    examples=[
        OpenApiExample("User", {"first_name": "Ada", "last_name": "Lovelace"}, request_only=True)
    ]
)
class UserSerializer(ModelSerializer[User]):
    email = serializers.CharField(read_only=True)  # it can be empty

    class Meta:
        model = User
        fields = ["id", "username", "email", "first_name", "last_name"]
        read_only_fields = ["username"]
