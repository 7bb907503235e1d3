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
        # Djoser escapes these as if they were HTML, such as an apostrophe in the site's name.
        self.subject, self.body = unescape(self.subject), unescape(self.body)

    def send(self, to: list[str], *args: Any, **kwargs: Any) -> None:
        """Send, or log the failure: an error in the answer would tell that the address is known."""
        try:
            super().send(to, *args, **kwargs)
        except Exception:
            logger.exception("A mail to reset a password was not sent.")
