from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from api.serializers import ModelSerializer
from books.models import Author, Book


@extend_schema_serializer(
    examples=[OpenApiExample("Author", {"name": "Octavia E. Butler"}, request_only=True)]
)
class AuthorSerializer(ModelSerializer[Author]):
    class Meta:
        model = Author
        fields = ["id", "name"]


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Book", {"title": "Kindred", "year_published": 1979, "author": 1}, request_only=True
        )
    ]
)
class BookSerializer(ModelSerializer[Book]):
    author_name = serializers.CharField(source="author.name", read_only=True)
    owner = serializers.SlugRelatedField[User](slug_field="username", read_only=True)

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
        # The OpenAPI document cannot contain the current year, because it would change every year.
        extra_kwargs = {"year_published": {"help_text": "From 1 to the current year."}}


# If the choices of another `category` differ, drf-spectacular renames this enum. Keep its name with
# {"CategoryEnum": "books.models.Book.Category"} in ENUM_NAME_OVERRIDES.
@extend_schema_field({"$ref": "#/components/schemas/CategoryEnum"})
class CategoryField(serializers.CharField):
    """The value of a category, with the same schema as the category of a book."""


class BookCategorySerializer(serializers.Serializer):
    value = CategoryField()
    name = serializers.CharField(source="label")
