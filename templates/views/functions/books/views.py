from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.filters import FilterBackend, OrderingFilter, SearchFilter
from api.pagination import PageNumberPagination
from api.permissions import IsAdminOrReadOnly, IsOwnerOrReadOnly
from books.filters import BookFilter
from books.models import Author, Book
from books.serializers import AuthorSerializer, BookCategorySerializer, BookSerializer


@extend_schema(methods=["GET"], responses=AuthorSerializer(many=True))
@extend_schema(methods=["POST"], request=AuthorSerializer, responses={201: AuthorSerializer})
@api_view(["GET", "POST"])
@permission_classes([IsAdminOrReadOnly])
def author_list(request: Request) -> Response:
    """Authors. Anyone can read them; only staff can write."""
    if request.method == "POST":
        serializer = AuthorSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data, status=status.HTTP_201_CREATED)
    paginator = PageNumberPagination()
    page = paginator.paginate_queryset(Author.objects.all(), request)
    serializer = AuthorSerializer(page, many=True, context={"request": request})
    return paginator.get_paginated_response(serializer.data)


# drf-spectacular reads the pagination from the view class that @api_view created.
AuthorListView: Any = author_list.cls
AuthorListView.pagination_class = PageNumberPagination


@extend_schema(methods=["DELETE"], responses={204: None, 409: None})
@extend_schema(request=AuthorSerializer, responses=AuthorSerializer)
@api_view(["GET", "PUT", "PATCH", "DELETE"])
@permission_classes([IsAdminOrReadOnly])
def author_detail(request: Request, pk: int) -> Response:
    """Authors. Anyone can read them; only staff can write."""
    author = get_object_or_404(Author, pk=pk)
    if request.method == "DELETE":
        author.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
    if request.method in ("PUT", "PATCH"):
        serializer = AuthorSerializer(
            author,
            data=request.data,
            partial=request.method == "PATCH",
            context={"request": request},
        )
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
    return Response(AuthorSerializer(author, context={"request": request}).data)


def get_book(request: Request, pk: int) -> Book:
    """Return a book that the user can see, after checking the object permissions of the view."""
    books = Book.objects.visible_to(request.user).with_names()
    book = get_object_or_404(books, pk=pk)
    request.parser_context["view"].check_object_permissions(request, book)
    return book


@extend_schema(methods=["GET"], responses=BookSerializer(many=True))
@extend_schema(methods=["POST"], request=BookSerializer, responses={201: BookSerializer})
@api_view(["GET", "POST"])
@permission_classes([IsAuthenticatedOrReadOnly])
def book_list(request: Request) -> Response:
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""
    if request.method == "POST":
        serializer = BookSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save(owner=request.user)
        return Response(serializer.data, status=status.HTTP_201_CREATED)
    view = request.parser_context["view"]
    books = Book.objects.visible_to(request.user).with_names()
    for backend in view.filter_backends:
        books = backend().filter_queryset(request, books, view)
    paginator = PageNumberPagination()
    page = paginator.paginate_queryset(books, request)
    serializer = BookSerializer(page, many=True, context={"request": request})
    return paginator.get_paginated_response(serializer.data)


# The filters also read their options from this class.
BookListView: Any = book_list.cls
BookListView.pagination_class = PageNumberPagination
BookListView.queryset = Book.objects.all()
BookListView.filter_backends = [FilterBackend, SearchFilter, OrderingFilter]
BookListView.filterset_class = BookFilter
BookListView.search_fields = ["title", "author__name"]
BookListView.ordering_fields = ["title", "year_published", "created_at"]


@extend_schema(methods=["DELETE"], responses={204: None})
@extend_schema(request=BookSerializer, responses=BookSerializer)
@api_view(["GET", "PUT", "PATCH", "DELETE"])
@permission_classes([IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly])
def book_detail(request: Request, pk: int) -> Response:
    """Books. Only the owner can change or delete a book, or see it while it is unpublished."""
    book = get_book(request, pk)
    if request.method == "DELETE":
        book.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
    if request.method in ("PUT", "PATCH"):
        serializer = BookSerializer(
            book, data=request.data, partial=request.method == "PATCH", context={"request": request}
        )
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
    return Response(BookSerializer(book, context={"request": request}).data)


@extend_schema(request=None, responses=BookSerializer)
@api_view(["POST"])
@permission_classes([IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly])
def book_publish(request: Request, pk: int) -> Response:
    """Publish a book. A published book stays published."""
    book = get_book(request, pk)
    book.publish()
    return Response(BookSerializer(book, context={"request": request}).data)


@extend_schema(responses=BookCategorySerializer(many=True))
@api_view(["GET"])
@permission_classes([IsAuthenticatedOrReadOnly])
def book_categories(request: Request) -> Response:
    """List the categories of books."""
    return Response(BookCategorySerializer(list(Book.Category), many=True).data)


# Like class-based views, answer HEAD, and list the methods in a fixed order in `Allow`.
for view in (author_list, author_detail, book_list, book_detail, book_publish, book_categories):
    view.cls.http_method_names = APIView.http_method_names
