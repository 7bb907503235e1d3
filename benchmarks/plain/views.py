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
