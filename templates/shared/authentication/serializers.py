from typing import Any, cast

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower
from django.utils.http import urlsafe_base64_decode
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from accounts.serializers import UserSerializer
from api.audit import log_event, log_on_commit
from authentication.mail import send_password_reset_email


def users_with_address(email: str) -> QuerySet[User]:
    """
    Return the users with this address in any case. There is at most one.

    The query uses the unique index, so it takes the same time for every address.
    """
    users = User.objects.alias(lower_email=Lower("email")).exclude(email="")
    return users.filter(lower_email=Lower(Value(email)))


class PasswordField(serializers.CharField):
    """A password: never returned, and spaces are part of it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"write_only": True, "trim_whitespace": False, **kwargs})


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Registration",
            {"username": "ada", "email": "ada@example.com", "password": "correct-horse-battery"},
        )
    ]
)
class RegistrationSerializer(serializers.ModelSerializer[User]):
    password = PasswordField()

    class Meta:
        model = User
        fields = [*UserSerializer.Meta.fields, "password"]
        # Not everyone who registers may set a field that is added to UserSerializer.
        read_only_fields = [
            name for name in UserSerializer.Meta.fields if name not in {"username", "email"}
        ]
        extra_kwargs = {"email": {"required": True, "allow_blank": False}}

    def validate_username(self, value: str) -> str:
        # create_user() would store the normalized name, which the user cannot log in with.
        if value != User.normalize_username(value):
            raise serializers.ValidationError("Use standard forms of characters (Unicode NFKC).")
        return value

    def validate_email(self, value: str) -> str:
        # create_user() lowercases the domain, which makes some characters longer.
        if len(value.lower()) > len(value):
            raise serializers.ValidationError("Enter a valid email address.")
        # UniqueValidator cannot use the index, so it would read the whole table.
        if users_with_address(value).exists():
            raise serializers.ValidationError(
                "A user with that email address already exists.", code="unique"
            )
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


@extend_schema_serializer(
    examples=[OpenApiExample("Password", {"current_password": "correct-horse-battery"})]
)
class CurrentPasswordSerializer(serializers.Serializer[User]):
    """Check the password of the user that is passed as the instance."""

    current_password = PasswordField()

    def validate_current_password(self, password: str) -> str:
        username = cast(User, self.instance).get_username()
        if not authenticate(self.context["request"], username=username, password=password):
            raise serializers.ValidationError("The password is incorrect.")
        return password


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Passwords",
            {"current_password": "correct-horse-battery", "new_password": "staple-battery-horse"},
        )
    ]
)
class PasswordChangeSerializer(CurrentPasswordSerializer):
    new_password = PasswordField()

    def validate_new_password(self, value: str) -> str:
        validate_password(value, self.instance)
        return value

    def update(self, instance: User, validated_data: dict[str, str]) -> User:
        instance.set_password(validated_data["new_password"])
        instance.save(update_fields=["password"])
        return instance


@extend_schema_serializer(examples=[OpenApiExample("Address", {"email": "ada@example.com"})])
class PasswordResetSerializer(serializers.Serializer[None]):
    email = serializers.EmailField()

    def save(self, **kwargs: Any) -> None:
        """Send a link to the user with this address, if there is one who can log in."""
        users = users_with_address(self.validated_data["email"])
        user = users.filter(is_active=True).first()
        if user and user.has_usable_password():
            send_password_reset_email(user)
        log_event("password_reset_requested", user.pk if user else None)


class PasswordResetConfirmSerializer(serializers.Serializer[User]):
    """Set a new password with the values of a link. Use it in a transaction."""

    uid = serializers.CharField()
    token = serializers.CharField()
    new_password = PasswordField()

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        self.instance = self.lock_user(attrs["uid"])
        if not default_token_generator.check_token(self.instance, attrs["token"]):
            raise serializers.ValidationError({"token": ["The link is invalid or has expired."]})
        try:
            validate_password(attrs["new_password"], self.instance)
        except DjangoValidationError as error:
            raise serializers.ValidationError({"new_password": error.messages}) from error
        return attrs

    def lock_user(self, uid: str) -> User | None:
        # The lock makes concurrent requests wait; the new password then invalidates their link.
        try:
            pk = urlsafe_base64_decode(uid).decode()
            return User.objects.select_for_update().filter(pk=pk, is_active=True).first()
        except ValueError:
            return None

    def update(self, instance: User, validated_data: dict[str, str]) -> User:
        instance.set_password(validated_data["new_password"])
        instance.save(update_fields=["password"])
        log_on_commit("password_reset", instance.pk)
        return instance
