from django.contrib.auth.models import User
from rest_framework import serializers

from books.models import Book


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "email", "first_name", "last_name"]
        read_only_fields = ["username", "email"]


class BookSerializer(serializers.ModelSerializer):
    author_name = serializers.CharField(source="author.name", read_only=True)
    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)

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
