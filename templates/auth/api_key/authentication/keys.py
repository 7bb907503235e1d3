from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import (
    OpenApiExample,
    extend_schema,
    extend_schema_field,
    extend_schema_serializer,
)
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import DestroyAPIView, GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from api.exceptions import Conflict
from authentication.models import APIKey, Scope, validate_scopes


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "string", "enum": Scope.values},
        "minItems": 1,
        "maxItems": len(Scope),
        "uniqueItems": True,
    }
)
class ScopesField(serializers.ListField):
    """A list of scopes. One that is too long is rejected before its items are validated."""

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > len(Scope):
            raise serializers.ValidationError("List each scope only once.")
        return super().to_internal_value(data)


@extend_schema_serializer(
    examples=[OpenApiExample("Key", {"name": "reports", "scopes": ["read"]}, request_only=True)]
)
class APIKeySerializer(serializers.ModelSerializer[APIKey]):
    scopes = ScopesField(
        child=serializers.ChoiceField(
            choices=Scope.choices,
            # The default message repeats the value, which can be long.
            error_messages={"invalid_choice": f"Use one of: {', '.join(Scope.values)}."},
        ),
        validators=[validate_scopes],
    )

    class Meta:
        model = APIKey
        fields = ["prefix", "name", "scopes", "created", "expiry_date", "revoked"]
        read_only_fields = ["prefix", "created", "revoked"]
        extra_kwargs = {"name": {"required": True}, "expiry_date": {"allow_null": True}}

    def validate_scopes(self, value: list[str]) -> list[str]:
        missing = set(value) - set(self.context["request"].auth.scopes)
        if missing:
            raise serializers.ValidationError(
                f"Your own key does not have these scopes: {', '.join(sorted(missing))}."
            )
        return value

    def validate_expiry_date(self, value: datetime | None) -> datetime | None:
        if value and value <= timezone.now():
            raise serializers.ValidationError("The expiry date must be in the future.")
        return value


class NewAPIKeySerializer(APIKeySerializer):
    """An API key including the `key` itself, which is shown only when it is created."""

    key = serializers.CharField(read_only=True)

    class Meta(APIKeySerializer.Meta):
        fields = [*APIKeySerializer.Meta.fields, "key"]

    def create(self, validated_data: dict[str, Any]) -> APIKey:
        if validated_data.get("expiry_date") is None:
            validated_data.pop("expiry_date", None)
        return APIKey.objects.create_with_secret(**validated_data)


class APIKeyListView(ListCreateAPIView[APIKey]):
    """API keys. The `key` itself is shown only when it is created."""

    required_scope = Scope.MANAGE
    pagination_class = None

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user))

    def get_serializer_class(self) -> type[APIKeySerializer]:
        return NewAPIKeySerializer if self.request.method == "POST" else APIKeySerializer

    @transaction.atomic
    def perform_create(self, serializer: serializers.BaseSerializer[APIKey]) -> None:
        cast(APIKey, self.request.auth).lock()
        serializer.save(user=self.request.user)


class APIKeyDetailView(DestroyAPIView[APIKey]):
    """Revoke a key. This cannot be undone."""

    required_scope = Scope.MANAGE
    lookup_field = "prefix"
    serializer_class = APIKeySerializer

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user))

    def perform_destroy(self, instance: APIKey) -> None:
        instance.revoke()


class APIKeyRotateView(GenericAPIView[APIKey]):
    """Revoke a key and create a new one with the same name, scopes and lifetime."""

    required_scope = Scope.MANAGE
    lookup_field = "prefix"
    serializer_class = NewAPIKeySerializer

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user)).select_for_update()

    @extend_schema(request=None, responses={201: NewAPIKeySerializer, 409: None})
    @transaction.atomic
    def post(self, request: Request, prefix: str) -> Response:
        own_key = cast(APIKey, request.auth).lock()
        key = self.get_object()
        if not set(key.scopes) <= set(own_key.scopes):
            raise PermissionDenied(
                "The key has scopes that your own key does not have. Use a key that has them."
            )
        if key.has_expired or not key.revoke():
            raise Conflict("The key has been revoked or has expired. Create a new key.")
        successor = key.create_successor()
        key.log("key_rotated")
        return Response(self.get_serializer(successor).data, status=status.HTTP_201_CREATED)
