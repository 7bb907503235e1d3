import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.core.signals import request_finished
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User

MESSAGE = """\
Hello {username},

Someone asked to reset your password for {project}.
To choose a new password, open this link within an hour:

{link}

If this was not you, ignore this email.
"""

logger = logging.getLogger(__name__)
# Send emails in the background: waiting for the mail server would reveal which addresses exist.
executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send_password_reset_email(user: User) -> None:
    """
    Send a link to reset the password, in the background and after the response to this request.

    Preparing the email earlier would slow down the response. If it cannot be sent, log an error.
    """
    # The context contains the request id for the log.
    deliver = partial(copy_context().run, deliver_password_reset_email, user)

    def submit(**kwargs: Any) -> None:
        # Requests in other threads send this signal, too: only the first one disconnects.
        if request_finished.disconnect(submit):
            executor.submit(deliver)

    request_finished.connect(submit, weak=False)


def deliver_password_reset_email(user: User) -> None:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    message = MESSAGE.format(
        username=user.get_username(),
        project=settings.PROJECT_NAME,
        link=f"{settings.FRONTEND_URL}/password-reset/{uid}/{token}",
    )
    try:
        send_mail(f"Reset your password for {settings.PROJECT_NAME}", message, None, [user.email])
    except Exception as error:  # noqa: BLE001 -- nothing else would report it
        # The text of the error is not logged: mail servers can quote the link in it.
        logger.error(
            "Could not send a password reset email to user %s: %s", user.pk, type(error).__name__
        )
