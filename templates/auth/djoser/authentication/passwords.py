from django.contrib.auth.tokens import default_token_generator
from djoser import serializers as djoser
from djoser.utils import decode_uid
from rest_framework import serializers

from accounts.models import User


class SetPasswordSerializer(djoser.SetPasswordSerializer):
    current_password = serializers.CharField(trim_whitespace=False)
    new_password = serializers.CharField(trim_whitespace=False)


class UserDeleteSerializer(djoser.UserDeleteSerializer):
    current_password = serializers.CharField(trim_whitespace=False)


class PasswordResetSerializer(djoser.SendEmailResetSerializer):
    def get_user(self, is_active: bool = True) -> User | None:
        """Find the user by email address, ignoring case as registration does."""
        email = self.validated_data["email"]
        user = User.objects.filter(email__iexact=email, is_active=is_active).first()
        return user if user and user.has_usable_password() else None


class PasswordResetConfirmSerializer(djoser.PasswordSerializer):
    """
    Validate the link and the new password.

    Djoser's own serializer validates the password without its user and reveals which ids exist.
    """

    uid = serializers.CharField()
    token = serializers.CharField()
    new_password = serializers.CharField(trim_whitespace=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        self.user = self.get_user(attrs["uid"])
        if not default_token_generator.check_token(self.user, attrs["token"]):
            raise serializers.ValidationError({"token": ["The link is invalid or has expired."]})
        return super().validate(attrs)

    def get_user(self, uid: str) -> User | None:
        try:
            return User.objects.filter(pk=decode_uid(uid), is_active=True).first()
        except ValueError:
            return None
