from rest_framework import serializers

from api.serializers import ModelSerializer
from books.models import Author, Book


class AuthorSerializer(ModelSerializer[Author]):
    class Meta:
        model = Author
        fields = ["id", "name"]


class BookSerializer(ModelSerializer[Book]):
    author_name = serializers.CharField(source="author.name", read_only=True)
    owner = serializers.SlugRelatedField[Book](slug_field="username", read_only=True)

    class Meta:
        model = Book
        fields = [
            "id",
            "title",
            "description",
            "category",
            "year_published",
            "is_published",
            "author",
            "author_name",
            "owner",
            "created_at",
            "updated_at",
        ]


class BookCategorySerializer(serializers.Serializer):
    value = serializers.CharField()
    name = serializers.CharField(source="label")
