from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from books.models import Author, Book

USERS = ["ada", "grace", "katherine"]
AUTHORS = ["Octavia E. Butler", "Italo Calvino", "Ursula K. Le Guin", "Wislawa Szymborska"]
BOOKS = 300


class Command(BaseCommand):
    help = "Create demo users (without a password), authors and books in a development database."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("This command is only for development; set DEBUG=true.")
        users = [self.user(f"demo-{name}") for name in USERS]
        authors = [Author.objects.get_or_create(name=name)[0] for name in AUTHORS]
        categories = Book.Category.values
        existing = set(Book.objects.filter(owner__in=users).values_list("title", flat=True))
        Book.objects.bulk_create(
            Book(
                title=title,
                owner=users[number % len(users)],
                author=authors[number % len(authors)],
                category=categories[number % len(categories)],
                year_published=1900 + number % 100,
                is_published=number % 10 != 0,
            )
            for number in range(BOOKS)
            if (title := f"Demo book {number + 1}") not in existing
        )
        self.stdout.write(f"Demo: {len(users)} users, {len(authors)} authors and {BOOKS} books.")

    def user(self, username: str) -> User:
        return User.objects.filter(username=username).first() or User.objects.create_user(username)
