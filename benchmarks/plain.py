"""
A plain project, for comparison: Django and Django REST Framework, and none of our protection.

It has the model, the serializer and the page size of a rendered project, DRF's token
authentication and the settings of `startproject`.
"""

import shutil
import subprocess
from pathlib import Path

from tests.support.environment import in_environment
from tests.support.services import find

FILES = Path(__file__).parent / "plain"
LOG_IN = """
from django.contrib.auth.models import User
from rest_framework.authtoken.models import Token
print(Token.objects.create(user=User.objects.first()).key)
"""
# 1,000 users, 1,000 authors and the given number of books
FILL = """
INSERT INTO {users} (username, password, first_name, last_name, email, is_superuser, is_staff,
    is_active, date_joined)
SELECT 'user' || n, '!', '', '', 'user' || n || '@example.com', false, false, true, now()
FROM generate_series(1, 1000) n;
INSERT INTO books_author (name)
SELECT 'Author ' || n || ' the quick brown fox' FROM generate_series(1, 1000) n;
INSERT INTO books_book (title, description, category, year_published, is_published, author_id,
    owner_id, created_at, updated_at)
SELECT 'The lazy dog jumps over quartz, volume ' || n, repeat('x', 200),
    (ARRAY['fiction', 'nonfiction', 'poetry', 'reference'])[1 + n % 4], 1 + n % 2000, true,
    (SELECT min(id) FROM books_author) + n % 1000, (SELECT min(id) FROM {users}) + n % 1000,
    now() - n * interval '1 minute', now()
FROM generate_series(1, {books}) n;
VACUUM ANALYZE;
"""


def fill(database_url: str, users: str, books: int) -> None:
    """Create users, authors and books. `users` is the table of users."""
    execute(database_url, FILL.format(users=users, books=books))


def remove_new_books(database_url: str, books: int) -> None:
    """Delete all but the first books: a longer list takes longer to count."""
    execute(database_url, f"DELETE FROM books_book WHERE id > {books}; VACUUM ANALYZE")  # noqa: S608


def execute(database_url: str, statements: str) -> None:
    for statement in statements.split(";"):
        subprocess.run([find("psql"), database_url, "-qc", statement], check=True)


class PlainProject:
    """A plain project that uses a database."""

    def __init__(self, path: Path, environment: Path, database_url: str) -> None:
        self.path = path
        self.env = in_environment(environment, {"DATABASE_URL": database_url})
        path.mkdir()
        self.run("django-admin", "startproject", "config", ".")
        migrations = path / "books" / "migrations"
        migrations.mkdir(parents=True)
        (migrations / "__init__.py").touch()
        for name in ("models.py", "serializers.py", "views.py"):
            shutil.copy(FILES / name, path / "books")
        shutil.copy(FILES / "urls.py", path / "config")
        with (path / "config" / "settings.py").open("a", encoding="utf-8") as settings:
            settings.write((FILES / "settings.py").read_text("utf-8"))
        self.run("python", "manage.py", "makemigrations", "-v0", "books")
        self.run("python", "manage.py", "migrate", "-v0")

    def run(self, *command: str) -> str:
        process = subprocess.run(
            command, cwd=self.path, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return process.stdout

    def log_in(self) -> dict[str, str]:
        """Return the headers of a user."""
        key = self.run("python", "manage.py", "shell", "-v0", "-c", LOG_IN).strip()
        return {"Authorization": f"Token {key}", "Content-Type": "application/json"}
