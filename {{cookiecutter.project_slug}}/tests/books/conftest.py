from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from books.models import Author, Book


@pytest.fixture
def author(db):
    return Author.objects.create(name="Ursula K. Le Guin")


@pytest.fixture
def book(author, user):
    return Book.objects.create(
        title="The Dispossessed", year_published=1974, author=author, owner=user
    )


@pytest.fixture
def book_url(book):
    return reverse("book-detail", args=[book.pk])


@pytest.fixture
def draft(author, user):
    return Book.objects.create(
        title="Notes", year_published=2001, author=author, owner=user, is_published=False
    )


@pytest.fixture
def draft_url(draft):
    return reverse("book-detail", args=[draft.pk])


@pytest.fixture
def data(author):
    """Return the fields that are required to create a book."""
    return {"title": "Kindred", "year_published": 1979, "author": author.pk}


@pytest.fixture
def shelf(author, user):
    """Create four books: three with the same creation time, and three from the same year."""
    other = Author.objects.create(name="Italo Calvino")
    books = Book.objects.bulk_create(
        [
            Book(title="Beta", year_published=1974, author=author, owner=user),
            Book(title="Alpha", year_published=1974, author=other, owner=user, category="poetry"),
            Book(title="Delta", year_published=1972, author=author, owner=user),
            Book(title="Gamma", year_published=1974, author=other, owner=user),
        ]
    )
    now = timezone.now()
    Book.objects.update(created_at=now - timedelta(days=1))
    Book.objects.filter(title="Gamma").update(created_at=now)
    return books


@pytest.fixture
def other_client(login_as, other_user):
    return login_as(other_user)


@pytest.fixture
def staff_client(login_as, staff):
    return login_as(staff)
