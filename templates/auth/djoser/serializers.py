from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from djoser import serializers as djoser
from djoser.utils import decode_uid
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from accounts.models import User
from accounts.serializers import UserSerializer


# {% include "shared/register_serializer.py" %}


class SetPasswordSerializer(djoser.SetPasswordSerializer):
    current_password = serializers.CharField(trim_whitespace=False)
    new_password = serializers.CharField(trim_whitespace=False)


class UserDeleteSerializer(djoser.UserDeleteSerializer):
    current_password = serializers.CharField(trim_whitespace=False)


class PasswordResetSerializer(djoser.SendEmailResetSerializer):
    def get_user(self, is_active: bool = True) -> User | None:
        """Find the user by address as registration does: case makes no difference."""
        email = self.validated_data["email"]
        user = User.objects.filter(email__iexact=email, is_active=is_active).first()
        return user if user and user.has_usable_password() else None


# Djoser's own validates the password without its user, and tells which ids are somebody's.
class PasswordResetConfirmSerializer(djoser.PasswordSerializer):
    uid = serializers.CharField()
    token = serializers.CharField()
    new_password = serializers.CharField(trim_whitespace=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        self.user = self.get_user(attrs["uid"])
        if not default_token_generator.check_token(self.user, attrs["token"]):
            raise serializers.ValidationError({"token": ["The link is no longer valid."]})
        return super().validate(attrs)

    def get_user(self, uid: str) -> User | None:
        try:
            return User.objects.filter(pk=decode_uid(uid), is_active=True).first()
        except ValueError:
            return None
