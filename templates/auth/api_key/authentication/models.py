from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from accounts.locks import lock_user
from api.audit import log_on_commit


class Scope(models.TextChoices):
    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


def default_expiry_date() -> datetime:
    """Return the time `API_KEY_TTL_DAYS` from now."""
    return timezone.now() + settings.API_KEY_TTL


def validate_scopes(scopes: object) -> None:
    """Raise ValidationError unless `scopes` is a non-empty list of different scopes."""
    if not isinstance(scopes, list) or not scopes or not all(s in Scope.values for s in scopes):
        raise ValidationError(f"Use a list of scopes: {', '.join(Scope.values)}.")
    if len(scopes) > len(set(scopes)):
        raise ValidationError("List each scope only once.")


class UserAPIKeyManager(APIKeyManager):
    def create_with_secret(self, **fields: Any) -> APIKey:
        """Create a key. Only the returned instance has the secret, in its `key` attribute."""
        instance, secret = self.create_key(**fields)
        key = cast(APIKey, instance)
        key.key = secret
        return key

    def get_from_key(self, key: str) -> APIKey:
        """Return the usable key with this secret. Raise DoesNotExist if there is none."""
        api_key = cast(APIKey, self.select_related("user").get(prefix=key.partition(".")[0]))
        # Checking the state here takes much less time than composing a query that does.
        usable = api_key.user.is_active and not api_key.revoked and not api_key.has_expired
        if usable and api_key.is_valid(key):
            return api_key
        raise APIKey.DoesNotExist

    def get_usable_keys(self) -> models.QuerySet[APIKey]:
        return super().get_usable_keys().filter(expiry_date__gt=timezone.now())


class APIKey(AbstractAPIKey):
    """A key that authenticates its user, usually a service account, within its scopes."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    scopes = models.JSONField(default=list, validators=[validate_scopes])
    expiry_date = models.DateTimeField("expires", default=default_expiry_date)

    key: str

    objects: ClassVar[UserAPIKeyManager] = UserAPIKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    def save(self, *args: Any, **kwargs: Any) -> None:
        adding = self._state.adding
        if not adding:
            # Only revoke() writes `revoked`: an instance loaded earlier must not undo it.
            constant = {"id", "prefix", "hashed_key", "created", "revoked"}
            names = {field.name for field in self._meta.concrete_fields}
            kwargs.setdefault("update_fields", names - constant)
            if self.revoked:
                self.revoke()
        super().save(*args, **kwargs)
        if adding:
            self.log("key_created")

    def lock(self) -> APIKey:
        """
        Reload the key that authenticated the request, and lock it and its user.

        Raise AuthenticationFailed if the key was revoked, has expired or lost a scope since then,
        or if its user was deactivated.
        """
        # Without this lock, two keys that rotate each other would wait for each other.
        lock_user(self.user)
        usable = APIKey.objects.get_usable_keys().select_for_update()
        key = usable.filter(pk=self.pk).first()
        if key is None or not set(self.scopes) <= set(key.scopes):
            raise AuthenticationFailed("Invalid API key.")
        return key

    def revoke(self) -> bool:
        """Revoke the key. Return False if it was already revoked."""
        usable = APIKey.objects.filter(pk=self.pk, revoked=False)
        # Without its hash the key stays unusable even if `revoked` is unset in the database.
        revoked = bool(usable.update(revoked=True, hashed_key=""))
        if revoked:
            self.log("key_revoked")
        return revoked

    def create_successor(self) -> APIKey:
        """Create a key with the same user, name, scopes and lifetime."""
        try:
            expiry_date = timezone.now() + (self.expiry_date - self.created)
        except OverflowError:
            expiry_date = self.expiry_date
        return APIKey.objects.create_with_secret(
            user_id=self.user_id, name=self.name, scopes=self.scopes, expiry_date=expiry_date
        )

    def log(self, event: str) -> None:
        """Log a security event that concerns this key."""
        log_on_commit(event, self.user_id, prefix=self.prefix)


@receiver(post_delete, sender=APIKey)
def log_deletion(instance: APIKey, **kwargs: Any) -> None:
    instance.log("key_deleted")
