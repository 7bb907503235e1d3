from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from djoser.serializers import SendEmailResetSerializer
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from accounts.models import User
from accounts.serializers import UserSerializer


# {% include "shared/register_serializer.py" %}


class PasswordResetSerializer(SendEmailResetSerializer):
    def get_user(self, is_active: bool = True) -> User | None:
        """Find the user by address as registration does: case makes no difference."""
        email = self.validated_data["email"]
        user = User.objects.filter(email__iexact=email, is_active=is_active).first()
        return user if user and user.has_usable_password() else None
