import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from books.management.commands.seed_demo import BOOKS
from books.models import Author, Book


def count_rows():
    return User.objects.count(), Author.objects.count(), Book.objects.count()


@pytest.fixture
def seed_demo(db, settings):
    """Return a function that runs the command in development."""
    settings.DEBUG = True
    return lambda: call_command("seed_demo")


def test_seed_demo_creates_data_besides_existing_data(seed_demo, book, capsys):
    Book.objects.update(title="Demo book 1")
    seed_demo()
    books = Book.objects.exclude(pk=book.pk)
    assert books.count() == BOOKS
    assert books.filter(is_published=True).count() > books.filter(is_published=False).count() > 0
    for field in ("owner", "author", "category"):
        assert books.values(field).distinct().count() > 1
    assert not books.filter(author__name="").exists()
    assert not books.filter(owner=book.owner).exists()
    assert "books" in capsys.readouterr().out


def test_seed_demo_creates_users_without_password(seed_demo):
    seed_demo()
    assert User.objects.exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_seed_demo_creates_data_once(seed_demo):
    seed_demo()
    rows = count_rows()
    seed_demo()
    assert count_rows() == rows


def test_seed_demo_is_rejected_in_production(db):
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed_demo")
    assert count_rows() == (0, 0, 0)
