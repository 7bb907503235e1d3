"""
Break rendered projects on purpose, one small change at a time, and see their tests fail.

`python tests/mutants.py` runs every mutant on each project that it concerns and prints which test
caught it; `--sample` runs each on one project; a word runs the mutants with that word in their
name. It exits with 1 if a mutant survives.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).resolve().parent.parent
CHOICES = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Mutant:
    """A change of one file: every `old`, a regular expression, becomes `new`."""

    name: str
    path: str
    old: str
    new: str

    def apply(self, source: str) -> str:
        """Return the source as changed; as it was, if the mutant does not concern it."""
        return re.sub(self.old, self.new, source, flags=re.MULTILINE)


SETTINGS = "config/settings.py"
PERMISSIONS = "books/permissions.py"
VIEWS = "books/views.py"
AUTH_VIEWS = "authentication/views.py"
AUTH_SERIALIZERS = "authentication/serializers.py"
AUTHENTICATION = "authentication/authentication.py"

MUTANTS = [
    # What everybody gets by default
    Mutant(
        "everything is open by default",
        SETTINGS,
        r"permissions\.IsAuthenticated\"",
        'permissions.AllowAny"',
    ),
    Mutant(
        "nobody is recognised",
        SETTINGS,
        r"(DEFAULT_AUTHENTICATION_CLASSES\"\] = )\[[^]]*\]",
        r"\1[]",
    ),
    Mutant("HTML in production", SETTINGS, r"^if DEBUG:$", "if True:"),
    Mutant(
        "proxies are trusted by default",
        SETTINGS,
        r"\"NUM_PROXIES\": NUM_PROXIES",
        '"NUM_PROXIES": None',
    ),
    Mutant(
        "anonymous callers are not throttled",
        SETTINGS,
        r"env\.variable\(\"ANON_THROTTLE_RATE\".*\)",
        "None",
    ),
    Mutant(
        "a rate that is switched off",
        "config/env.py",
        r"return None if value == \"off\" else value",
        "return None",
    ),
    Mutant(
        "any origin may read",
        SETTINGS,
        r"^CORS_EXPOSE_HEADERS",
        "CORS_ALLOW_ALL_ORIGINS = True\nCORS_EXPOSE_HEADERS",
    ),
    Mutant("health is sent to HTTPS", SETTINGS, r"^SECURE_REDIRECT_EXEMPT.*$", ""),
    Mutant(
        "weak password hashing",
        SETTINGS,
        r"    \"django\.contrib\.auth\.hashers\.Argon2PasswordHasher\",\n",
        "",
    ),
    Mutant(
        "weak passwords",
        SETTINGS,
        r"^    \{\"NAME\": \"django\.contrib\.auth\.password_validation.*\n",
        "",
    ),
    Mutant(
        "passwords like the user's name", SETTINGS, r"^.*UserAttributeSimilarityValidator.*\n", ""
    ),
    Mutant("common passwords", SETTINGS, r"^.*CommonPasswordValidator.*\n", ""),
    Mutant(
        "empty variables count",
        "config/env.py",
        r" or default$",
        " if name in os.environ else default",
    ),
    # What the site answers
    Mutant(
        "login throttle is off",
        "config/throttling.py",
        r"    scope = \"login\"",
        '    scope = "login"\n    rate = None',
    ),
    Mutant(
        "login throttle counts users",
        "config/throttling.py",
        r"self\.get_ident\(request\)",
        "request.user.pk",
    ),
    Mutant(
        "admin login is not throttled",
        "config/urls.py",
        r"throttle_login\(admin\.site\.login\)",
        "admin.site.login",
    ),
    Mutant("admin login has no Retry-After", "config/throttling.py", r"^ +headers=.*\n", ""),
    Mutant("html 404", "config/urls.py", r"^handler404.*$", ""),
    Mutant("html 500", "config/urls.py", r"^handler500.*$", ""),
    Mutant(
        "ready whatever happens",
        "config/views.py",
        r"^        return False$",
        "        return True",
    ),
    Mutant("ready ignores the cache", "config/views.py", r"^ +\"cache\": lambda.*\n", ""),
    Mutant(
        "ready tells the error",
        "config/views.py",
        r"\"failed\": failed",
        '"failed": failed, "host": "db.internal"',
    ),
    Mutant(
        "any request id is repeated",
        "config/middleware.py",
        r"re\.fullmatch\(.*?, given\)",
        "given",
    ),
    Mutant("no limit of the body", SETTINGS, r"^ +\"config\.middleware\.limit_body\",\n", ""),
    Mutant("infinity is a number", "config/parsers.py", r"allow_nan=False", "allow_nan=True"),
    Mutant("surrogates pass", "config/parsers.py", r"\.encode\(\)", ""),
    Mutant(
        "deep nesting is a 500", "config/parsers.py", r"except RecursionError", "except KeyError"
    ),
    Mutant("OPTIONS says more", SETTINGS, r"^.*DEFAULT_METADATA_CLASS.*\n", ""),
    Mutant(
        "no cap of the page size",
        "config/pagination.py",
        r"max_page_size = 100",
        "max_page_size = None",
    ),
    Mutant("smaller pages", "config/pagination.py", r"page_size = 20", "page_size = 10"),
    Mutant("pages overlap", "config/ordering.py", r", \"-id\"\]", "]"),
    Mutant(
        "deleting a used author is a 500",
        "config/exceptions.py",
        r"isinstance\(exc, ProtectedError\)",
        "False",
    ),
    Mutant(
        "conflict is a 400", "config/exceptions.py", r"HTTP_409_CONFLICT", "HTTP_400_BAD_REQUEST"
    ),
    # Users
    Mutant(
        "e-mail addresses are not unique",
        "accounts/models.py",
        r"Lower\(\"email\"\)",
        'Lower("username")',
    ),
    Mutant(
        "the address can be changed",
        "accounts/serializers.py",
        r"\"username\", \"email\"\]$",
        '"username"]',
    ),
    Mutant(
        "the name can be changed",
        "accounts/serializers.py",
        r"read_only_fields = \[\"username\", ",
        "read_only_fields = [",
    ),
    Mutant(
        "me shows the password's hash",
        "accounts/serializers.py",
        r"\"last_name\"\]",
        '"last_name", "password"]',
    ),
    Mutant(
        "me is another user",
        "accounts/views.py",
        r"cast\(User, (self\.)?request\.user\)",
        "User.objects.last()",
    ),
    Mutant(
        "me can be put",
        "accounts/urls.py",
        r"\"patch\": \"partial_update\"",
        '"patch": "partial_update", "put": "update"',
    ),
    Mutant("me can be put", "accounts/views.py", r"^    http_method_names.*\n", ""),
    # The example
    Mutant(
        "staff may change books",
        PERMISSIONS,
        r"obj\.owner_id == request\.user\.pk",
        "(obj.owner_id == request.user.pk or request.user.is_staff)",
    ),
    Mutant(
        "anyone may change books", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or True"
    ),
    Mutant(
        "nobody may change books", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or False"
    ),
    Mutant("anyone may write authors", PERMISSIONS, r"bool\(request\.user\.is_staff\)", "True"),
    Mutant(
        "no owner check in the views",
        VIEWS,
        r"(IsAuthenticatedOrReadOnly), IsOwnerOrReadOnly\]",
        r"\1]",
    ),
    Mutant(
        "no staff check in the views",
        VIEWS,
        r"(IsAuthenticatedOrReadOnly), IsAdminOrReadOnly\]",
        r"\1]",
    ),
    Mutant(
        "reading books takes an account", VIEWS, r"\[IsAuthenticatedOrReadOnly", "[IsAuthenticated"
    ),
    Mutant(
        "object permissions are not checked", VIEWS, r"^ +self\.check_object_permissions.*\n", ""
    ),
    Mutant(
        "drafts are shown",
        "books/models.py",
        r"return self\.filter\(is_published=True\)",
        "return self.all()",
    ),
    Mutant(
        "others' drafts are shown",
        "books/models.py",
        r"Q\(is_published=True\) \| Q\(owner=user\)",
        "",
    ),
    Mutant("one's own drafts are hidden", "books/models.py", r" \| Q\(owner=user\)", ""),
    Mutant("queryset is not scoped", VIEWS, r"\.visible_to\(self\.request\.user\)", ".all()"),
    Mutant(
        "the owner comes from the body",
        VIEWS,
        r"owner=((self\.)?request\.user)",
        r"owner=type(\1).objects.filter(username=self.request.data.get('owner')).first() or \1",
    ),
    Mutant("no select_related", VIEWS, r"\.select_related\(\"author\", \"owner\"\)", ""),
    Mutant(
        "half a select_related",
        VIEWS,
        r"\.select_related\(\"author\", \"owner\"\)",
        '.select_related("author")',
    ),
    Mutant("no filters", VIEWS, r"DjangoFilterBackend, SearchFilter", "SearchFilter"),
    Mutant("no search", VIEWS, r", SearchFilter, OrderingFilter", ", OrderingFilter"),
    Mutant("order by anything", VIEWS, r"ordering_fields = \[.*\]", 'ordering_fields = "__all__"'),
    Mutant("oldest first", VIEWS, r"\[\"-created_at\"\]", '["created_at"]'),
    Mutant("search by author is gone", VIEWS, r"\[\"title\", \"author__name\"\]", '["title"]'),
    Mutant("a book of the future", "books/models.py", r", validate_not_in_future\]", "]"),
    Mutant("the year 0", "books/models.py", r"MinValueValidator\(1\)", "MinValueValidator(0)"),
    Mutant("year of a filter is any number", "books/filters.py", r"validators=.*\)$", ")"),
    Mutant("publishing is forgotten", "books/models.py", r"self\.is_published = True", "pass"),
    Mutant("updated_at stays", "books/models.py", r"auto_now=True", "auto_now_add=True"),
    Mutant(
        "a user's books stay",
        "books/models.py",
        r"on_delete=models\.CASCADE",
        "on_delete=models.PROTECT",
    ),
    Mutant(
        "an author's books go along",
        "books/models.py",
        r"on_delete=models\.PROTECT",
        "on_delete=models.CASCADE",
    ),
    Mutant("created is a 200", VIEWS, r", status=status\.HTTP_201_CREATED", ""),
    Mutant(
        "categories come in pages",
        VIEWS,
        r"pagination_class=None, filter_backends=\[\]",
        "filter_backends=[]",
    ),
    Mutant("N+1 in the admin", "books/admin.py", r"^ +list_select_related.*\n", ""),
    Mutant(
        "demo data in production",
        "books/management/commands/seed_demo.py",
        r"not settings\.DEBUG",
        "False",
    ),
]

UNCHANGED = Mutant("unchanged", SETTINGS, "$.", "")

# Mutants that no test can catch, by name, and why.
EQUIVALENT: dict[str, str] = {}


def render(folder: Path) -> dict[tuple[str, str], Path]:
    """Render every combination into the folder; return the projects by their answers."""
    projects = {}
    for auth in CHOICES["auth"]:
        for view_style in CHOICES["view_style"]:
            answers = {
                "project_slug": f"{auth}_{view_style}",
                "auth": auth,
                "view_style": view_style,
            }
            project = cookiecutter(
                str(TEMPLATE), no_input=True, extra_context=answers, output_dir=str(folder)
            )
            projects[auth, view_style] = Path(project)
    return projects


def cases(
    mutants: list[Mutant], projects: dict[tuple[str, str], Path], sample: bool
) -> Iterator[tuple[Mutant, tuple[str, str], Path]]:
    """
    Yield each mutant with the projects that it concerns.

    A change of the example or of `me/` is run in every view style, any other one with every
    strategy; with `sample`, on one of these, another one from mutant to mutant.
    """
    for number, mutant in enumerate(mutants):
        by_style = mutant.path.startswith(("accounts/", "books/"))
        concerned = [
            (answers, project)
            for answers, project in projects.items()
            if answers[0 if by_style else 1] == CHOICES["auth" if by_style else "view_style"][0]
            and (project / mutant.path).exists()
            and mutant.apply((project / mutant.path).read_text(encoding="utf-8"))
            != (project / mutant.path).read_text(encoding="utf-8")
        ]
        if not concerned:
            sys.exit(f"The mutant {mutant.name!r} changes nothing in {mutant.path}.")
        if sample:
            concerned = [concerned[number % len(concerned)]]
        for answers, project in concerned:
            yield mutant, answers, project


def killer(mutant: Mutant, project: Path) -> str | None:
    """Return the test of the project that fails with the mutant; None if all pass."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(project, copy)
        file = copy / mutant.path
        file.write_text(mutant.apply(file.read_text(encoding="utf-8")), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "no:cacheprovider"],
            cwd=copy,
            capture_output=True,
            text=True,
            check=False,
        )
    if run.returncode == 0 and " passed" in run.stdout:
        return None
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, re.MULTILINE)
    return found[1] if found else "no test: it does not start"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("word", nargs="?", default="", help="run the mutants with it in their name")
    parser.add_argument("--sample", action="store_true", help="run each mutant on one project only")
    arguments = parser.parse_args()
    mutants = [mutant for mutant in MUTANTS if arguments.word in mutant.name]
    survivors = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = list(cases(mutants, render(Path(folder)), arguments.sample))
        for project in {project for _, _, project in runs}:
            if failing := killer(UNCHANGED, project):
                sys.exit(f"Without any mutant, {project.name} fails already: {failing}")
        for (mutant, answers, _), test in zip(
            runs, pool.map(lambda run: killer(run[0], run[2]), runs), strict=True
        ):
            if test is None and mutant.name in EQUIVALENT:
                test = f"equivalent: {EQUIVALENT[mutant.name]}"
            survivors += test is None
            print(f"{mutant.name:40} {' '.join(answers):22} {test or 'SURVIVED'}", flush=True)
    print(f"{len(mutants)} mutants, {len(runs)} runs, {survivors} survived")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
