"""Log events of allauth in the audit log, and keep its table of email addresses up to date."""

from typing import Any

from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from accounts.models import User
from api.audit import log_event, log_on_commit


@receiver(pre_save, sender=User)
def lowercase_address(instance: User, **kwargs: Any) -> None:
    """Store addresses in lowercase, as allauth looks them up."""
    instance.email = instance.email.lower()


@receiver(post_save, sender=User)
def forget_other_addresses(
    instance: User, created: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Delete the former address after a change in the admin: it must get no reset links."""
    # A save of other fields, such as `last_login`, may have a user with an outdated address.
    if not created and (update_fields is None or "email" in update_fields):
        EmailAddress.objects.filter(user=instance).exclude(email=instance.email).delete()


@receiver(account.user_signed_up)
def log_sign_up(user: User, **kwargs: Any) -> None:
    log_on_commit("signed_up", user.pk)


@receiver(account.email_confirmed)
def log_email_confirmation(email_address: EmailAddress, **kwargs: Any) -> None:
    log_on_commit("email_confirmed", email_address.user_id)


@receiver(account.password_reset)
def log_password_reset(user: User, **kwargs: Any) -> None:
    log_on_commit("password_reset", user.pk)


@receiver([mfa.authenticator_added, mfa.authenticator_reset])
def log_added_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log_on_commit("second_factor_added", user.pk, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def log_removed_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log_on_commit("second_factor_removed", user.pk, type=authenticator.type)


@receiver(mfa.authentication_failed)
def log_failed_factor(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    log_event("second_factor_failed", user.pk, type=authenticator.type)


@receiver(social.social_account_added)
def log_connection(sociallogin: SocialLogin, **kwargs: Any) -> None:
    log_on_commit("provider_connected", sociallogin.user.pk)


@receiver(social.social_account_removed)
def log_disconnection(socialaccount: SocialAccount, **kwargs: Any) -> None:
    log_on_commit("provider_disconnected", socialaccount.user_id)
