"""
Break rendered projects on purpose, one small change at a time, and see their tests fail.

`python -m tests.mutants` runs every mutant on each project that it concerns and prints which test
caught it; `--sample` runs each on one project; a word runs the mutants with that word in their
name. It exits with 1 if a mutant survives.
"""

import argparse
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

from tests.conftest import AUTHS, COMBINATIONS, ENVIRONMENT, TEMPLATE, VIEW_STYLES, install

Answers = tuple[str, str]


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
ENV = "config/env.py"
MIDDLEWARE = "config/middleware.py"
THROTTLING = "config/throttling.py"
PARSERS = "config/parsers.py"
SITE = "config/views.py"
USER = "accounts/serializers.py"
MODELS = "books/models.py"
PERMISSIONS = "books/permissions.py"
VIEWS = "books/views.py"
AUTH_MODELS = "authentication/models.py"
AUTH_VIEWS = "authentication/views.py"
AUTH_URLS = "authentication/urls.py"
AUTH_SERIALIZERS = "authentication/serializers.py"
AUTHENTICATION = "authentication/authentication.py"
TOKENS = "authentication/tokens.py"

# fmt: off
MUTANTS = [
    # Defaults
    Mutant("everything is open by default", SETTINGS, r"permissions\.IsAuthenticated\"", 'permissions.AllowAny"'),
    Mutant("nobody is recognised", SETTINGS, r"(DEFAULT_AUTHENTICATION_CLASSES\"\] = )\[\n(?:    .*\n)*\]", r"\1[]"),
    Mutant("HTML in production", SETTINGS, r"BrowsableAPIRenderer\"\] if DEBUG", 'BrowsableAPIRenderer"] if True'),
    Mutant("proxies are trusted", SETTINGS, r"\"NUM_PROXIES\": NUM_PROXIES", '"NUM_PROXIES": None'),
    Mutant("anonymous callers are not throttled", SETTINGS, r"env\.variable\(\"ANON_THROTTLE_RATE\".*\)", "None"),
    Mutant("any origin may read", SETTINGS, r"^CORS_EXPOSE_HEADERS", "CORS_ALLOW_ALL_ORIGINS = True\nCORS_EXPOSE_HEADERS"),
    Mutant("scripts from anywhere", SETTINGS, r"\"default-src\": \[\"'self'\"\]", '"default-src": ["*"]'),
    Mutant("pages in frames", SETTINGS, r"^X_FRAME_OPTIONS.*$", 'X_FRAME_OPTIONS = "SAMEORIGIN"'),
    Mutant("health depends on the host", SETTINGS, r"^( +\"config\.middleware\.health\",\n)((?:.*\n)*?)\]", r"\2\1]"),
    Mutant("weak password hashing", SETTINGS, r"    \"django\.contrib\.auth\.hashers\.Argon2PasswordHasher\",\n", ""),
    Mutant("weak passwords", SETTINGS, r"^    \{\"NAME\": \"django\.contrib\.auth\.password_validation.*\n", ""),
    Mutant("passwords like the user's name", SETTINGS, r"^.*UserAttributeSimilarityValidator.*\n", ""),
    Mutant("login rate is ten times that", SETTINGS, r"\"LOGIN_THROTTLE_RATE\", env\.rate, \"10/min\"", '"", env.rate, "100/min"'),
    Mutant("a rate is switched off", ENV, r"return None if value == \"off\" else value", "return None"),
    Mutant("empty variables count", ENV, r" or default$", ' or ("" if name in os.environ else default)'),
    Mutant("missing variables are empty", ENV, r"^        sys\.exit\(f\"\{name\} is not set.*$", '        value = ""'),
    # The site
    Mutant("login throttle counts all as one", THROTTLING, r"self\.get_ident\(request\)", '"everybody"'),
    Mutant("admin login is not throttled", "config/urls.py", r"throttle_login\(admin\.site\.login\)", "admin.site.login"),
    Mutant("admin's refusal has no Retry-After", THROTTLING, r"^ +headers=.*\n", ""),
    Mutant("404 is HTML", "config/urls.py", r"^handler404.*$", ""),
    Mutant("500 is HTML", "config/urls.py", r"^handler500.*$", ""),
    Mutant("browsable login in production", "config/urls.py", r"if settings\.DEBUG:", "if True:"),
    Mutant("ready whatever happens", SITE, r"^        return False$", "        return True"),
    Mutant("ready without a cache", SITE, r"^ +\"cache\": .*\n", ""),
    Mutant("ready tells of hosts", SITE, r"\"failed\": failed", '"failed": failed, "host": "db.internal"'),
    Mutant("any request id is repeated", MIDDLEWARE, r"given if re\.fullmatch\(.*\) else", "given if given else"),
    Mutant("queries are logged", MIDDLEWARE, r"\"path\": request\.path,", '"path": request.get_full_path(),'),
    Mutant("headers are logged", MIDDLEWARE, r"\"method\": request\.method,", '"method": request.method, "headers": str(request.META),'),
    Mutant("users are not logged", MIDDLEWARE, r"\"user_id\": .*,", '"user_id": None,'),
    Mutant("bodies have no limit", SETTINGS, r"^ +\"config\.middleware\.limit_body\",\n", ""),
    Mutant("infinity is a number", PARSERS, r"allow_nan=False", "allow_nan=True"),
    Mutant("surrogates pass", PARSERS, r"\.encode\(\)", ""),
    Mutant("deep nesting is a 500", PARSERS, r"except RecursionError", "except KeyError"),
    Mutant("OPTIONS tells more", SETTINGS, r"^.*DEFAULT_METADATA_CLASS.*\n", ""),
    Mutant("pages have no cap", "config/pagination.py", r"max_page_size = 100", "max_page_size = None"),
    Mutant("pages are smaller", "config/pagination.py", r"page_size = 20", "page_size = 10"),
    Mutant("pages overlap", "config/ordering.py", r", \"-id\"\]", "]"),
    Mutant("deleting an author is a 500", "config/exceptions.py", r"isinstance\(exc, ProtectedError\)", "False"),
    Mutant("a conflict is a 400", "config/exceptions.py", r"HTTP_409_CONFLICT", "HTTP_400_BAD_REQUEST"),
    # Users
    Mutant("addresses are not unique", "accounts/migrations/0001_initial.py", r"Lower\(\"email\"\)", 'Lower("username")'),
    Mutant("the address can be changed", USER, r"\"username\", \"email\"\]$", '"username"]'),
    Mutant("the username can be changed", USER, r"read_only_fields = \[\"username\", ", "read_only_fields = ["),
    Mutant("me shows the password's hash", USER, r"\"last_name\"\]", '"last_name", "password"]'),
    Mutant("me is another user", "accounts/views.py", r"cast\(User, (self\.)?request\.user\)", "User.objects.last()"),
    Mutant("me can be put in viewsets", "accounts/urls.py", r"\"patch\": \"partial_update\"", '"patch": "partial_update", "put": "update"'),
    Mutant("me can be put in generics", "accounts/views.py", r"^    http_method_names.*\n", ""),
    # The example
    Mutant("staff may change books", PERMISSIONS, r"obj\.owner_id == request\.user\.pk", "(obj.owner_id == request.user.pk or request.user.is_staff)"),
    Mutant("anyone may change books", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or True"),
    Mutant("nobody may change books", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or False"),
    Mutant("anyone may write authors", PERMISSIONS, r"bool\(request\.user\.is_staff\)", "True"),
    Mutant("no owner check in the views", VIEWS, r"(IsAuthenticatedOrReadOnly), IsOwnerOrReadOnly\]", r"\1]"),
    Mutant("no staff check in the views", VIEWS, r"(IsAuthenticatedOrReadOnly), IsAdminOrReadOnly\]", r"\1]"),
    Mutant("reading takes an account", VIEWS, r"\[IsAuthenticatedOrReadOnly", "[IsAuthenticated"),
    Mutant("object permissions are not checked", VIEWS, r"^ +self\.check_object_permissions.*\n", ""),
    Mutant("drafts are shown", MODELS, r"return self\.filter\(is_published=True\)", "return self.all()"),
    Mutant("others' drafts are shown", MODELS, r"Q\(is_published=True\) \| Q\(owner=user\)", ""),
    Mutant("one's own drafts are hidden", MODELS, r" \| Q\(owner=user\)", ""),
    Mutant("the queryset is not scoped", VIEWS, r"\.visible_to\(self\.request\.user\)", ".all()"),
    Mutant("the owner comes from the body", VIEWS, r"owner=((self\.)?request\.user)", r"owner=type(\1).objects.filter(username=self.request.data.get('owner')).first() or \1"),
    Mutant("no select_related", VIEWS, r"\.select_related\(\"author\", \"owner\"\)", ""),
    Mutant("half a select_related", VIEWS, r"\.select_related\(\"author\", \"owner\"\)", '.select_related("author")'),
    Mutant("no filters", VIEWS, r"DjangoFilterBackend, SearchFilter", "SearchFilter"),
    Mutant("no search", VIEWS, r", SearchFilter, OrderingFilter", ", OrderingFilter"),
    Mutant("search by author is gone", VIEWS, r"\[\"title\", \"author__name\"\]", '["title"]'),
    Mutant("order by anything", VIEWS, r"ordering_fields = \[.*\]", 'ordering_fields = "__all__"'),
    Mutant("oldest first", VIEWS, r"\[\"-created_at\"\]", '["created_at"]'),
    Mutant("a book of the future", MODELS, r", validate_not_in_future\]", "]"),
    Mutant("the year 0", MODELS, r"MinValueValidator\(1\)", "MinValueValidator(0)"),
    Mutant("any year to filter by", "books/filters.py", r"validators=.*\)$", ")"),
    Mutant("publishing is forgotten", MODELS, r"self\.is_published = True", "pass"),
    Mutant("updated_at stays", MODELS, r"auto_now=True", "auto_now_add=True"),
    Mutant("a user's books stay", MODELS, r"on_delete=models\.CASCADE", "on_delete=models.PROTECT"),
    Mutant("an author's books go along", MODELS, r"on_delete=models\.PROTECT", "on_delete=models.CASCADE"),
    Mutant("created is a 200", VIEWS, r", status=status\.HTTP_201_CREATED", ""),
    Mutant("categories are filtered", VIEWS, r"pagination_class=None, filter_backends=\[\]", "pagination_class=None"),
    Mutant("N+1 in the admin", "books/admin.py", r"(list_display = \[)", r"\1lambda book: book.owner.groups.count(), "),
    Mutant("demo data in production", "books/management/commands/seed_demo.py", r"not settings\.DEBUG", "False"),
    # Logging in and registering
    Mutant("logins are not throttled", AUTH_VIEWS, r"^    throttle_classes = \[LoginThrottle\]\n", ""),
    Mutant("registrations are not throttled", AUTH_VIEWS, r"\[LoginThrottle\(\)\]", "[]"),
    Mutant("stale credentials get in the way", AUTH_VIEWS, r"^    authentication_classes = (\[\]|\(\))\n", ""),
    Mutant("stale credentials stop registering", AUTH_VIEWS, r"^            drf_request\.authenticators = \[\]$", "            pass"),
    Mutant("login without CSRF protection", AUTH_VIEWS, r"\[CSRFProtection\]", "[]"),
    Mutant("CSRF off", AUTHENTICATION, r"^        self\.enforce_csrf\(request\)$", "        pass"),
    Mutant("no challenge", AUTHENTICATION, r"return 'Session realm=\"api\"'", "return None"),
    Mutant("the CSRF token may be cached", AUTH_VIEWS, r"^@method_decorator\(never_cache.*\n", ""),
    Mutant("logout is forgotten", AUTH_VIEWS, r"^        logout\(request\)$", "        pass"),
    Mutant("logout forgets the token", AUTH_VIEWS, r"^        Token\.objects\.filter\(.*\)\.delete\(\)$", "        pass"),
    Mutant("this session dies too", AUTH_VIEWS, r"update_session_auth_hash\(request, serializer\.save\(\)\)", "serializer.save()"),
    Mutant("sessions in signed cookies", SETTINGS, r"\"django\.contrib\.sessions\.backends\.db\"", '"django.contrib.sessions.backends.signed_cookies"'),
    Mutant("credentials from any origin", SETTINGS, r"^CORS_ALLOW_CREDENTIALS.*$", ""),
    Mutant("a password is trimmed", AUTH_SERIALIZERS, r"( password(\"\])? = .*)trim_whitespace=False", r"\1trim_whitespace=True"),
    Mutant("a new password is trimmed", AUTH_SERIALIZERS, r"(new_password = .*)trim_whitespace=False", r"\1trim_whitespace=True"),
    Mutant("the current password is trimmed", AUTH_SERIALIZERS, r"(current_password = .*)trim_whitespace=False(?=\)\n    new)", r"\1trim_whitespace=True"),
    Mutant("the current password is trimmed on deletion", AUTH_SERIALIZERS, r"(current_password = .*)trim_whitespace=False(?=\)\n(?!    new))", r"\1trim_whitespace=True"),
    Mutant("passwords are not checked", AUTH_SERIALIZERS, r"^( +)validate_password\(.*\)$", r"\1pass"),
    Mutant("the user is not given", AUTH_SERIALIZERS, r", User\(\*\*attrs\)\)", ")"),
    Mutant("passwords are stored as they are", AUTH_SERIALIZERS, r"create_user\(", "create("),
    Mutant("the password is shown", AUTH_SERIALIZERS, r"CharField\(write_only=True, trim_whitespace=False\)", "CharField(trim_whitespace=False)"),
    Mutant("addresses differ by case", AUTH_SERIALIZERS, r"lookup=\"iexact\"", 'lookup="exact"'),
    Mutant("addresses are optional", AUTH_SERIALIZERS, r"\"required\": True,\n +\"allow_blank\": False,", '"required": False,'),
    Mutant("the second registration is a 500", AUTH_SERIALIZERS, r"except IntegrityError", "except KeyError"),
    Mutant("any current password", AUTH_SERIALIZERS, r"not self\.context\[\"request\"\]\.user\.check_password\(value\)", "False"),
    Mutant("the password stays", AUTH_SERIALIZERS, r"^        instance\.set_password\(.*\)$", "        pass"),
    # Tokens
    Mutant("tokens never expire", AUTHENTICATION, r"if token\.created < oldest_valid\(\)", "if False"),
    Mutant("an expired token is not replaced", AUTHENTICATION, r"^    Token\.objects\.filter\(.*\)\.delete\(\)\n", ""),
    Mutant("tokens outlive the password", SETTINGS, r"^AUTH_PASSWORD_VALIDATORS \+= .*$", ""),
    Mutant("tokens live a day longer", SETTINGS, r"timedelta\(days=env\.variable\(", "timedelta(days=1 + env.variable("),
    # Djoser
    Mutant("users see each other", SETTINGS, r"\"HIDE_USERS\": True", '"HIDE_USERS": False'),
    Mutant("links lead to the request's host", SETTINGS, r"^    \"EMAIL_FRONTEND_DOMAIN\".*\n", ""),
    Mutant("a mail that fails is a 500", "authentication/email.py", r"except Exception", "except KeyError"),
    Mutant("inactive users get mails", AUTH_SERIALIZERS, r", is_active=is_active\)", ")"),
    Mutant("inactive users set passwords", AUTH_SERIALIZERS, r", is_active=True\)", ")"),
    Mutant("any link sets a password", AUTH_SERIALIZERS, r"if not default_token_generator\.check_token\(.*\)", "if False"),
    Mutant("mails are not throttled", AUTH_VIEWS, r"\[LoginThrottle\(\)\] if self\.action == \"reset_password\" else ", ""),
    Mutant("activation is open", AUTH_URLS, r"\{\"post\": \"reset_password\"\}", '{"post": "activation"}'),
    Mutant("users may be put", AUTH_URLS, r"\"patch\": \"me\"", '"patch": "me", "put": "me"'),
    # JSON web tokens
    Mutant("signed with SECRET_KEY", SETTINGS, r"\"SIGNING_KEY\": env\.variable\([^)]*\)\n    \)", '"SIGNING_KEY": SECRET_KEY'),
    Mutant("short keys", ENV, r"len\(value\.encode\(\)\) < 64", "False"),
    Mutant("access lives an hour", SETTINGS, r"timedelta\(minutes=5\)", "timedelta(minutes=60)"),
    Mutant("refresh lives a month", SETTINGS, r"timedelta\(days=7\)", "timedelta(days=30)"),
    Mutant("access tokens outlive the password", SETTINGS, r"\"CHECK_REVOKE_TOKEN\": True", '"CHECK_REVOKE_TOKEN": False'),
    Mutant("refresh works twice", AUTH_SERIALIZERS, r"if not is_first_use", "if False"),
    Mutant("refresh asks nothing of the user", AUTH_SERIALIZERS, r"JWTAuthentication\(\)\.get_user\(token\)$", "User.objects.get(pk=token['user_id'])"),
    Mutant("refresh tokens without a row", AUTH_SERIALIZERS, r"except OutstandingToken\.DoesNotExist", "except KeyError"),
    Mutant("ended tokens are verified", AUTH_SERIALIZERS, r"if not live\.exists\(\)", "if False"),
    Mutant("logout-all is forgotten", AUTH_VIEWS, r"^        end_refresh_tokens\(.*\)$", "        pass"),
    Mutant("everybody is logged out", TOKENS, r"user=user, ", ""),
    Mutant("passwords end no tokens", TOKENS, r"^        (end_refresh_tokens|Token\.objects\.filter).*$", "        pass"),
    # API keys
    Mutant("keys never expire", AUTH_MODELS, r"expiry_date__gt=timezone\.now\(\), ", ""),
    Mutant("keys of inactive users", AUTH_MODELS, r", user__is_active=True", ""),
    Mutant("a query more for each key", AUTH_MODELS, r"^ +\.select_related\(\"user\"\)\n", ""),
    Mutant("scopes are ignored", AUTHENTICATION, r"if scope not in key\.scopes", "if False"),
    Mutant("read suffices to write", AUTHENTICATION, r"Scope\.READ if request\.method in SAFE_METHODS else Scope\.WRITE", "Scope.READ"),
    Mutant("keys manage themselves", AUTH_VIEWS, r"^    required_scope = .*\n", ""),
    Mutant("a missing scope is a 401", AUTHENTICATION, r"raise PermissionDenied", "raise AuthenticationFailed"),
    Mutant("everybody's keys", AUTH_VIEWS, r"APIKey\.objects\.filter\(user=.*\)$", "APIKey.objects.all()"),
    Mutant("keys show their hash", AUTH_SERIALIZERS, r"\[\"prefix\", \"name\"", '["prefix", "hashed_key", "name"'),
    Mutant("keys show their row's id", AUTH_SERIALIZERS, r"\[\"prefix\", \"name\"", '["prefix", "id", "name"'),
    Mutant("scopes beyond one's own", AUTH_SERIALIZERS, r"if beyond:", "if False:"),
    Mutant("keys of the past", AUTH_SERIALIZERS, r"if value and value <= timezone\.now\(\)", "if False"),
    Mutant("rotation widens", AUTH_VIEWS, r"if not set\(key\.scopes\) <= .*:", "if False:"),
    Mutant("rotation revives", AUTH_VIEWS, r"if key\.has_expired or not key\.revoke\(\)", "if not key.revoke()"),
    Mutant("rotation leaves the old key", AUTH_VIEWS, r" or not key\.revoke\(\)", ""),
    Mutant("revocation is forgotten", AUTH_VIEWS, r"^        instance\.revoke\(\)$", "        pass"),
    Mutant("revocation can be undone", AUTH_MODELS, r"update\(revoked=True, hashed_key=\"\"\)", "update(revoked=True)"),
    Mutant("the package's own keys are shown", "authentication/admin.py", r"^admin\.site\.unregister.*$", ""),
    Mutant("a first key may do everything", "authentication/management/commands/create_api_key.py", r"or \[Scope\.READ\]", "or Scope.values"),
]
# fmt: on

UNCHANGED = Mutant("unchanged", SETTINGS, r"\Zx", "")

# Mutants that no test can catch, by name, and why.
EQUIVALENT: dict[str, str] = {}


def render(folder: Path) -> dict[Answers, Path]:
    """Render every combination into the folder; return the projects by their answers."""
    projects = {}
    for auth, view_style in COMBINATIONS:
        project = folder / f"{auth}_{view_style}"
        answers = [f"auth={auth}", f"view_style={view_style}", f"project_slug={project.name}"]
        command = [sys.executable, "-m", "cookiecutter", "--no-input", "-o"]
        subprocess.run(
            [*command, str(folder), str(TEMPLATE), *answers], check=True, stdout=subprocess.DEVNULL
        )
        projects[auth, view_style] = project
    return projects


def cases(
    mutants: list[Mutant], projects: dict[Answers, Path], sample: bool
) -> Iterator[tuple[Mutant, Answers, Path]]:
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
            if (answers[0] == AUTHS[0] if by_style else answers[1] == VIEW_STYLES[0])
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


def killer(mutant: Mutant, project: Path, python: Path) -> str | None:
    """Return the test of the project that fails with the mutant; None if all pass."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(project, copy)
        file = copy / mutant.path
        file.write_text(mutant.apply(file.read_text(encoding="utf-8")), encoding="utf-8")
        run = subprocess.run(
            [python, "-m", "pytest", "-x", "--tb=no", "-p", "no:cacheprovider"],
            cwd=copy,
            env=ENVIRONMENT,
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
        projects = render(Path(folder))
        environment = install((p / "pyproject.toml").read_text("utf-8") for p in projects.values())
        python = environment / ".venv" / "bin" / "python"
        runs = list(cases(mutants, projects, arguments.sample))
        # What fails anyway would seem to catch every mutant.
        for project in {project for _, _, project in runs}:
            if failing := killer(UNCHANGED, project, python):
                sys.exit(f"Without any mutant, {project.name} fails already: {failing}")
        killers = pool.map(lambda run: killer(run[0], run[2], python), runs)
        for (mutant, answers, _), killed_by in zip(runs, killers, strict=True):
            test = killed_by
            if test is None and mutant.name in EQUIVALENT:
                test = f"equivalent: {EQUIVALENT[mutant.name]}"
            survivors += test is None
            print(f"{mutant.name:36} {' '.join(answers):20} {test or 'SURVIVED'}", flush=True)
    print(f"{len(mutants)} mutants, {len(runs)} runs, {survivors} survived")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
