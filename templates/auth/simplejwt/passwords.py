from accounts.models import User
from authentication.tokens import end_refresh_tokens


class EndTokens:
    """
    Ends a user's tokens when the password changes.

    It demands nothing of a password. Django tells password validators of every new one,
    wherever it is set: over the API, in the admin or by `changepassword`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Changing the password ends the user's API tokens."

    def password_changed(self, password: str, user: User) -> None:
        end_refresh_tokens(user)
