from typing import cast

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import DestroyAPIView, GenericAPIView, ListCreateAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.models import User
from authentication.models import APIKey, Scope
from authentication.serializers import APIKeySerializer, NewAPIKeySerializer
from config.exceptions import Conflict


class APIKeyListView(ListCreateAPIView[APIKey]):
    """The caller's keys. The secret of a key is shown once, in the answer that makes it."""

    required_scope = Scope.MANAGE
    pagination_class = None

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user))

    def get_serializer_class(self) -> type[APIKeySerializer]:
        return NewAPIKeySerializer if self.request.method == "POST" else APIKeySerializer

    def perform_create(self, serializer: BaseSerializer[APIKey]) -> None:
        serializer.save(user=self.request.user)


class APIKeyDetailView(DestroyAPIView[APIKey]):
    """Revoke a key, for good."""

    required_scope = Scope.MANAGE
    lookup_field = "prefix"
    serializer_class = APIKeySerializer

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user))

    def perform_destroy(self, instance: APIKey) -> None:
        instance.revoke()


class APIKeyRotateView(GenericAPIView[APIKey]):
    """Replace a key by a new one of the same name, scopes and lifetime. The old one is revoked."""

    required_scope = Scope.MANAGE
    lookup_field = "prefix"
    serializer_class = NewAPIKeySerializer

    def get_queryset(self) -> QuerySet[APIKey]:
        return APIKey.objects.filter(user=cast(User, self.request.user))

    @extend_schema(request=None, responses={201: NewAPIKeySerializer})
    def post(self, request: Request, prefix: str) -> Response:
        key = self.get_object()
        if not set(key.scopes) <= set(cast(APIKey, request.auth).scopes):
            raise PermissionDenied("The key has scopes that your own lacks.")
        with transaction.atomic():
            if key.has_expired or not key.revoke():
                raise Conflict("The key is revoked or has expired.")
            successor = key.successor()
        return Response(self.get_serializer(successor).data, status=status.HTTP_201_CREATED)
