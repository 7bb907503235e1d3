from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from accounts.models import User
from accounts.serializers import UserSerializer


class RegistrationSerializer(serializers.ModelSerializer[User]):
    password = serializers.CharField(write_only=True, trim_whitespace=False)

    class Meta:
        model = User
        fields = [*UserSerializer.Meta.fields, "password"]
        read_only_fields = ["first_name", "last_name"]
        extra_kwargs = {
            "email": {
                "required": True,
                "allow_blank": False,
                "validators": [
                    UniqueValidator(
                        User.objects.all(),
                        message="A user with that email address already exists.",
                        lookup="iexact",
                    )
                ],
            }
        }

    def validate_username(self, value: str) -> str:
        # create_user() would store the normalized name, which the user cannot log in with.
        if value != User.normalize_username(value):
            raise serializers.ValidationError("Use characters in their NFKC-normalized form.")
        return value

    def validate_email(self, value: str) -> str:
        # create_user() lowercases the domain, which makes some characters longer.
        if len(value.lower()) > len(value):
            raise serializers.ValidationError("Enter a valid email address.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(**attrs))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        try:
            with transaction.atomic():
                return User.objects.create_user(**validated_data)
        except IntegrityError as error:
            # A concurrent registration has taken the username or the email address.
            raise serializers.ValidationError(
                {"non_field_errors": ["A user with that username or email address already exists."]}
            ) from error
