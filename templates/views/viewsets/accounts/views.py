from typing import cast

from rest_framework.mixins import RetrieveModelMixin, UpdateModelMixin
from rest_framework.viewsets import GenericViewSet

from accounts.models import User
from accounts.serializers import UserSerializer


class MeViewSet(RetrieveModelMixin, UpdateModelMixin, GenericViewSet[User]):
    """The profile of the authenticated user."""

    serializer_class = UserSerializer

    def get_object(self) -> User:
        return cast(User, self.request.user)
