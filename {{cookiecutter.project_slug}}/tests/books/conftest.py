import pytest

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
def draft(author, user):
    return Book.objects.create(
        title="Notes", year_published=2001, author=author, owner=user, is_published=False
    )


@pytest.fixture
def other_client(login_as, other_user):
    return login_as(other_user)


@pytest.fixture
def staff_client(login_as, staff):
    return login_as(staff)
