from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


def validate_not_in_future(year: int) -> None:
    """Raise ValidationError for a year after the current one."""
    if year > timezone.now().year:
        raise ValidationError("The year must not be in the future.")


class Author(models.Model):
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class BookQuerySet(models.QuerySet["Book"]):
    def visible_to(self, user: User | AnonymousUser) -> BookQuerySet:
        """Return published books and the drafts of the user."""
        if user.is_anonymous:
            return self.filter(is_published=True)
        return self.filter(Q(is_published=True) | Q(owner=user))

    def with_names(self) -> BookQuerySet:
        """Load the names of the author and the owner, and none of their other columns."""
        columns = [field.name for field in self.model._meta.concrete_fields]
        related = self.select_related("author", "owner")
        return related.only(*columns, "author__name", "owner__username")


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

    objects = BookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="book_newest_first"),
            models.Index(fields=["category"], name="book_category"),
            models.Index(fields=["year_published"], name="book_year_published"),
        ]

    def __str__(self) -> str:
        return self.title

    def publish(self) -> None:
        """Make the book visible to everyone."""
        self.is_published = True
        self.save(update_fields=["is_published", "updated_at"])
