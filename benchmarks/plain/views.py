import orjson
from django.http import HttpResponse
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.viewsets import ModelViewSet

from books.models import Book
from books.serializers import BookSerializer, UserSerializer


class Pagination(PageNumberPagination):
    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


class MeView(RetrieveUpdateAPIView):
    serializer_class = UserSerializer
    permission_classes = [IsAuthenticated]

    def get_object(self):
        return self.request.user


class BookViewSet(ModelViewSet):
    queryset = Book.objects.select_related("author", "owner")
    serializer_class = BookSerializer
    pagination_class = Pagination

    def perform_create(self, serializer):
        serializer.save(owner=self.request.user)


def values(request):
    """Return the first page with as little work as possible."""
    fields = [*BookSerializer.Meta.fields[:7], "author__name", "owner__username"]
    books = Book.objects.filter(is_published=True)
    data = {
        "count": books.count(),
        "results": list(books.values(*fields, "created_at", "updated_at")[:20]),
    }
    return HttpResponse(orjson.dumps(data), content_type="application/json")
