from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone


def validate_not_in_future(year):
    if year > timezone.now().year:
        raise ValidationError("The year must not be in the future.")


class Author(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]


class Book(models.Model):
    class Category(models.TextChoices):
        FICTION = "fiction"
        NONFICTION = "nonfiction"
        POETRY = "poetry"
        REFERENCE = "reference"

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="", max_length=10_000)
    category = models.CharField(max_length=20, choices=Category, default=Category.FICTION)
    year_published = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), validate_not_in_future]
    )
    is_published = models.BooleanField(default=True)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="books"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="book_newest_first"),
            models.Index(fields=["category"], name="book_category"),
            models.Index(fields=["year_published"], name="book_year_published"),
        ]
