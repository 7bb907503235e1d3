from rest_framework.authtoken.models import Token

from accounts.models import User


class EndToken:
    """
    Ends a user's token when the password changes.

    It demands nothing of a password. Django tells password validators of every new one,
    wherever it is set: over the API, in the admin or by `changepassword`.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return "Changing the password ends the user's API token."

    def password_changed(self, password: str, user: User) -> None:
        Token.objects.filter(user=user).delete()
