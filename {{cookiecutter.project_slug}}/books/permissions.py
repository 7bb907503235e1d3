from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from books.models import Book


class IsAdminOrReadOnly(BasePermission):
    """Anyone reads; staff writes."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or bool(request.user.is_staff)


class IsOwnerOrReadOnly(BasePermission):
    """Anyone reads; the owner of an object changes it."""

    def has_object_permission(self, request: Request, view: APIView, obj: Book) -> bool:
        return request.method in SAFE_METHODS or obj.owner_id == request.user.pk
