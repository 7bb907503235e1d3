from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ModelViewSet

from api.filters import FilterBackend, OrderingFilter, SearchFilter
from api.permissions import IsAdminOrReadOnly, IsOwnerOrReadOnly
from books.filters import BookFilter
from books.models import Author, Book, BookQuerySet
from books.serializers import AuthorSerializer, BookCategorySerializer, BookSerializer


@extend_schema_view(destroy=extend_schema(responses={204: None, 409: None}))
class AuthorViewSet(ModelViewSet[Author]):
    """Authors. Anyone can read them; only staff can write."""

    queryset = Author.objects.all()
    serializer_class = AuthorSerializer
    permission_classes = [IsAdminOrReadOnly]
    lookup_value_converter = "int"


class BookViewSet(ModelViewSet[Book]):
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""

    serializer_class = BookSerializer
    permission_classes = [IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]
    filter_backends = [FilterBackend, SearchFilter, OrderingFilter]
    filterset_class = BookFilter
    search_fields = ["title", "author__name"]
    ordering_fields = ["title", "year_published", "created_at"]
    lookup_value_converter = "int"

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    def perform_create(self, serializer: BaseSerializer[Book]) -> None:
        serializer.save(owner=self.request.user)

    @extend_schema(responses=BookCategorySerializer(many=True))
    @action(detail=False, pagination_class=None, filter_backends=[])
    def categories(self, request: Request) -> Response:
        """List the categories of books."""
        return Response(BookCategorySerializer(list(Book.Category), many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: int) -> Response:
        """Publish a book. A published book stays published."""
        book = self.get_object()
        book.publish()
        return Response(self.get_serializer(book).data)
