import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)
# Send emails in the background: waiting for the mail server would reveal which addresses exist.
executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def send_in_background(message: EmailMessage) -> None:
    """Send an email in the background. Log an error if this fails."""
    # The context contains the request id for the log.
    executor.submit(copy_context().run, deliver, message)


def deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except Exception as error:  # noqa: BLE001 -- nothing else would report it
        # The text of the error is not logged: mail servers can quote the code or the link in it.
        logger.error("Could not send an email: %s", type(error).__name__)
