import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from books.models import Author, Book


def test_seed_demo_fills_the_database_once(db, settings, capsys):
    settings.DEBUG = True
    call_command("seed_demo")
    once = (User.objects.count(), Author.objects.count(), Book.objects.count())
    call_command("seed_demo")
    assert (User.objects.count(), Author.objects.count(), Book.objects.count()) == once
    assert once[2] >= 100
    assert Book.objects.filter(is_published=False).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert "books" in capsys.readouterr().out


def test_seed_demo_is_refused_in_production(db):
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()
