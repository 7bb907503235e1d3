from datetime import datetime
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from authentication.models import APIKey, Scope, validate_scopes


class APIKeySerializer(serializers.ModelSerializer[APIKey]):
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.choices), validators=[validate_scopes]
    )

    class Meta:
        model = APIKey
        fields = ["prefix", "name", "scopes", "created", "expiry_date", "revoked"]
        read_only_fields = ["prefix", "created", "revoked"]
        extra_kwargs = {"name": {"required": True}, "expiry_date": {"allow_null": True}}

    def validate_scopes(self, value: list[str]) -> list[str]:
        beyond = set(value) - set(self.context["request"].auth.scopes)
        if beyond:
            raise serializers.ValidationError(
                f"Your own key lacks the scopes {', '.join(sorted(beyond))}."
            )
        return value

    def validate_expiry_date(self, value: datetime | None) -> datetime | None:
        if value and value <= timezone.now():
            raise serializers.ValidationError("This date lies in the past.")
        return value


class NewAPIKeySerializer(APIKeySerializer):
    """A key as it is shown once, when it is made."""

    key = serializers.CharField(read_only=True)

    class Meta(APIKeySerializer.Meta):
        fields = [*APIKeySerializer.Meta.fields, "key"]

    def create(self, validated_data: dict[str, Any]) -> APIKey:
        if validated_data.get("expiry_date") is None:
            validated_data.pop("expiry_date", None)
        return APIKey.objects.create_with_secret(**validated_data)
