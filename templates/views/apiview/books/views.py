from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filters import FilterBackend, OrderingFilter, SearchFilter
from api.pagination import PageNumberPagination
from api.permissions import IsAdminOrReadOnly, IsOwnerOrReadOnly
from books.filters import BookFilter
from books.models import Author, Book, BookQuerySet
from books.serializers import AuthorSerializer, BookCategorySerializer, BookSerializer


class AuthorListView(APIView):
    """Authors. Anyone can read them; only staff can write."""

    permission_classes = [IsAdminOrReadOnly]
    pagination_class = PageNumberPagination

    @extend_schema(responses=AuthorSerializer(many=True))
    def get(self, request: Request) -> Response:
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(Author.objects.all(), request)
        serializer = AuthorSerializer(page, many=True, context={"request": request})
        return paginator.get_paginated_response(serializer.data)

    @extend_schema(request=AuthorSerializer, responses={201: AuthorSerializer})
    def post(self, request: Request) -> Response:
        serializer = AuthorSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data, status=status.HTTP_201_CREATED)


class AuthorDetailView(APIView):
    """Authors. Anyone can read them; only staff can write."""

    permission_classes = [IsAdminOrReadOnly]

    @extend_schema(responses=AuthorSerializer)
    def get(self, request: Request, pk: int) -> Response:
        author = get_object_or_404(Author, pk=pk)
        return Response(AuthorSerializer(author, context={"request": request}).data)

    @extend_schema(request=AuthorSerializer, responses=AuthorSerializer)
    def put(self, request: Request, pk: int) -> Response:
        return self.update(request, pk)

    @extend_schema(request=AuthorSerializer, responses=AuthorSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        return self.update(request, pk, partial=True)

    @extend_schema(responses={204: None, 409: None})
    def delete(self, request: Request, pk: int) -> Response:
        author = get_object_or_404(Author, pk=pk)
        author.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:
        author = get_object_or_404(Author, pk=pk)
        serializer = AuthorSerializer(
            author, data=request.data, partial=partial, context={"request": request}
        )
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


class BookListView(APIView):
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    pagination_class = PageNumberPagination
    filter_backends = [FilterBackend, SearchFilter, OrderingFilter]
    filterset_class = BookFilter
    search_fields = ["title", "author__name"]
    ordering_fields = ["title", "year_published", "created_at"]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    @extend_schema(responses=BookSerializer(many=True))
    def get(self, request: Request) -> Response:
        books: QuerySet[Book] = self.get_queryset()
        for backend in self.filter_backends:
            books = backend().filter_queryset(request, books, self)
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(books, request)
        serializer = BookSerializer(page, many=True, context={"request": request})
        return paginator.get_paginated_response(serializer.data)

    @extend_schema(request=BookSerializer, responses={201: BookSerializer})
    def post(self, request: Request) -> Response:
        serializer = BookSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save(owner=request.user)
        return Response(serializer.data, status=status.HTTP_201_CREATED)


class BookDetailView(APIView):
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""

    permission_classes = [IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    def get_object(self, pk: int) -> Book:
        book = get_object_or_404(self.get_queryset(), pk=pk)
        self.check_object_permissions(self.request, book)
        return book

    @extend_schema(responses=BookSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(BookSerializer(self.get_object(pk), context={"request": request}).data)

    @extend_schema(request=BookSerializer, responses=BookSerializer)
    def put(self, request: Request, pk: int) -> Response:
        return self.update(request, pk)

    @extend_schema(request=BookSerializer, responses=BookSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        return self.update(request, pk, partial=True)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        self.get_object(pk).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def update(self, request: Request, pk: int, *, partial: bool = False) -> Response:
        serializer = BookSerializer(
            self.get_object(pk), data=request.data, partial=partial, context={"request": request}
        )
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)


class BookPublishView(APIView):
    """Publish a book. A published book stays published."""

    permission_classes = [IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]

    def get_queryset(self) -> BookQuerySet:
        return Book.objects.visible_to(self.request.user).with_names()

    @extend_schema(request=None, responses=BookSerializer)
    def post(self, request: Request, pk: int) -> Response:
        book = get_object_or_404(self.get_queryset(), pk=pk)
        self.check_object_permissions(request, book)
        book.publish()
        return Response(BookSerializer(book, context={"request": request}).data)


class BookCategoriesView(APIView):
    """List the categories of books."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(responses=BookCategorySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(BookCategorySerializer(list(Book.Category), many=True).data)
