"""The audit log: one line for each security event. README.md lists the events."""

import logging
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model, user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

logger = logging.getLogger("security")


def log_event(event: str, user_id: int | None, **fields: str) -> None:
    """Log a security event at once. Do not pass secrets or names of users."""
    extra = {"event": event, "user_id": user_id, **fields}
    logger.info("%(event)s, user %(user_id)s", extra, extra=extra)


def log_on_commit(event: str, user_id: int | None, **fields: str) -> None:
    """Log a security event when the transaction commits, because a change can be rolled back."""
    transaction.on_commit(partial(log_event, event, user_id, **fields))


# `api.middleware` imports this module, which connects these receivers.


@receiver(user_logged_in)
def log_login(user: Any, **kwargs: Any) -> None:
    log_on_commit("login", user.pk)


@receiver(user_login_failed)
def log_failed_login(credentials: dict[str, Any], **kwargs: Any) -> None:
    # The username is not logged: people also type their password into this field.
    users = get_user_model().objects.filter(username=credentials.get("username"))
    log_event("login_failed", users.values_list("pk", flat=True).first())


@receiver(user_logged_out)
def log_logout(user: Any, **kwargs: Any) -> None:
    if user is not None:  # someone was logged in
        log_on_commit("logout", user.pk)


class LogPasswordChange:
    """
    Log password changes.

    This validator accepts every password. It exists for `password_changed()`, which Django calls
    whenever a password is set: in the API, in the admin and by `manage.py changepassword`.
    """

    def validate(self, password: str, user: Any = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Password changes are logged."

    def password_changed(self, password: str, user: Any) -> None:
        log_on_commit("password_changed", user.pk)
