from typing import cast

from rest_framework.generics import RetrieveUpdateAPIView

from accounts.models import User
from accounts.serializers import UserSerializer


class MeView(RetrieveUpdateAPIView[User]):
    """The profile of the authenticated user."""

    http_method_names = ["get", "patch", "head", "options"]
    serializer_class = UserSerializer

    def get_object(self) -> User:
        return cast(User, self.request.user)
