import logging
from html import unescape
from typing import Any

from djoser import email

logger = logging.getLogger(__name__)


class PasswordResetEmail(email.PasswordResetEmail):
    subject: str
    body: str

    def render(self) -> None:
        super().render()
        # Djoser escapes plain text as HTML, for example an apostrophe in the site's name.
        self.subject, self.body = unescape(self.subject), unescape(self.body)

    def send(self, to: list[str], *args: Any, **kwargs: Any) -> None:
        """Send the email; log a failure, because an error would reveal that the address exists."""
        try:
            super().send(to, *args, **kwargs)
        except Exception:
            logger.exception("Could not send a password reset email.")
