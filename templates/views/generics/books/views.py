from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import (
    GenericAPIView,
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from api.filters import FilterBackend, OrderingFilter, SearchFilter
from api.permissions import IsAdminOrReadOnly, IsOwnerOrReadOnly
from books.filters import BookFilter
from books.models import Author, Book, BookQuerySet
from books.serializers import AuthorSerializer, BookCategorySerializer, BookSerializer


class AuthorListView(ListCreateAPIView[Author]):
    """Authors. Anyone can read them; only staff can write."""

    queryset = Author.objects.all()
    serializer_class = AuthorSerializer
    permission_classes = [IsAdminOrReadOnly]


@extend_schema_view(delete=extend_schema(responses={204: None, 409: None}))
class AuthorDetailView(RetrieveUpdateDestroyAPIView[Author]):
    """Authors. Anyone can read them; only staff can write."""

    queryset = Author.objects.all()
    serializer_class = AuthorSerializer
    permission_classes = [IsAdminOrReadOnly]


class BookListView(ListCreateAPIView[Book]):
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""

    serializer_class = BookSerializer
    permission_classes = [IsAuthenticatedOrReadOnly]
    filter_backends = [FilterBackend, SearchFilter, OrderingFilter]
    filterset_class = BookFilter
    search_fields = ["title", "author__name"]
    ordering_fields = ["title", "year_published", "created_at"]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    def perform_create(self, serializer: BaseSerializer[Book]) -> None:
        serializer.save(owner=self.request.user)


class BookDetailView(RetrieveUpdateDestroyAPIView[Book]):
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""

    serializer_class = BookSerializer
    permission_classes = [IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()


class BookPublishView(GenericAPIView[Book]):
    """Publish a book. A published book stays published."""

    serializer_class = BookSerializer
    permission_classes = [IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    @extend_schema(request=None)
    def post(self, request: Request, pk: int) -> Response:
        book = self.get_object()
        book.publish()
        return Response(self.get_serializer(book).data)


class BookCategoriesView(APIView):
    """List the categories of books."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(responses=BookCategorySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(BookCategorySerializer(list(Book.Category), many=True).data)
