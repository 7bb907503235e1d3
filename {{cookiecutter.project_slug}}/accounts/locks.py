from rest_framework.exceptions import AuthenticationFailed

from accounts.models import User


def lock_user(user: User) -> User:
    """
    Reload an authenticated user, and lock the row until the end of the transaction.

    Raise AuthenticationFailed if the user was deleted or deactivated in the meantime.
    """
    try:
        return User.objects.select_for_update().get(pk=user.pk, is_active=True)
    except User.DoesNotExist as error:
        raise AuthenticationFailed("User inactive or deleted.") from error
