from typing import cast

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User


class PasswordChangeSerializer(serializers.Serializer[User]):
    current_password = serializers.CharField(write_only=True, trim_whitespace=False)
    new_password = serializers.CharField(write_only=True, trim_whitespace=False)

    def validate_current_password(self, value: str) -> str:
        if not cast(User, self.instance).check_password(value):
            raise serializers.ValidationError("The password is incorrect.")
        return value

    def validate_new_password(self, value: str) -> str:
        validate_password(value, self.instance)
        return value

    @transaction.atomic
    def update(self, instance: User, validated_data: dict[str, str]) -> User:
        instance.set_password(validated_data["new_password"])
        instance.save(update_fields=["password"])
        return instance


class PasswordChangeView(APIView):
    """Change the password. The user's existing sessions and tokens are revoked."""

    @extend_schema(request=PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        serializer = PasswordChangeSerializer(cast(User, request.user), data=request.data)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)
