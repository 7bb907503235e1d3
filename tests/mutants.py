"""
Break rendered projects, one small change at a time, and check that their tests fail.

`python -m tests.mutants` runs every mutant on each project that it concerns and prints the test
that failed. `--sample` runs some of them, each on one project. A word selects the mutants whose
names contain it. The exit code is 1 if a mutant survives.
"""

import argparse
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.support.environment import install
from tests.support.mutants import Idle, failing_test, killer, own_tests, runners
from tests.support.rendering import AUTHS, COMBINATIONS, VIEW_STYLES, render

Answers = tuple[str, str]


@dataclass(frozen=True)
class Mutant:
    """A change of one file: every match of the regular expression `old` becomes `new`."""

    name: str
    path: str
    old: str
    new: str

    def apply(self, source: str) -> str:
        """Return the changed source, or the same if nothing matches."""
        return re.sub(self.old, self.new, source, flags=re.MULTILINE)

    def killer(self, project: Path, idle: Idle) -> str | None:
        """Return the test of the project that fails with the mutant, or None if all pass."""
        source = self.apply((project / self.path).read_text("utf-8"))
        return killer(project, self.path, source, idle, [own_tests(self.path), ["tests"]])


SETTINGS = "config/settings.py"
ENV = "config/env.py"
URLS = "config/urls.py"
AUDIT = "api/audit.py"
EXCEPTIONS = "api/exceptions.py"
FILTERS = "api/filters.py"
HEALTH = "api/health.py"
MIDDLEWARE = "api/middleware.py"
PAGINATION = "api/pagination.py"
PARSERS = "api/parsers.py"
PERMISSIONS = "api/permissions.py"
SERIALIZERS = "api/serializers.py"
THROTTLING = "api/throttling.py"
STARTRESOURCE = "api/management/commands/startresource.py"
NGINX = "nginx.conf"
BACKENDS = "accounts/backends.py"
LOCKS = "accounts/locks.py"
USER = "accounts/serializers.py"
MODELS = "books/models.py"
VIEWS = "books/views.py"
ADAPTERS = "authentication/adapters.py"
AUTH_ADMIN = "authentication/admin.py"
AUTH_APPS = "authentication/apps.py"
AUTH_MODELS = "authentication/models.py"
AUTH_URLS = "authentication/urls.py"
AUTHENTICATORS = "authentication/authenticators.py"
CREATE_API_KEY = "authentication/management/commands/create_api_key.py"
JWT = "authentication/jwt.py"
KEYS = "authentication/keys.py"
LOGIN = "authentication/login.py"
LOGOUT = "authentication/logout.py"
MAIL = "authentication/mail.py"
PASSWORDS = "authentication/passwords.py"
REGISTRATION = "authentication/registration.py"
SIGNALS = "authentication/signals.py"
AUTH_SERIALIZERS = "authentication/serializers.py"
TOKENS = "authentication/tokens.py"
USERS = "authentication/users.py"

# Files that work together with the views. Their mutants run in every view style.
IN_EVERY_STYLE = ("accounts/", "books/", EXCEPTIONS, FILTERS, PAGINATION, PERMISSIONS, SERIALIZERS)
# Files with the same tests in all projects. Their mutants run in one project.
IN_ONE_PROJECT = (AUDIT, ENV, HEALTH, NGINX, PARSERS, STARTRESOURCE)

# fmt: off
MUTANTS = [
    # Settings
    Mutant("allow any by default", SETTINGS, r"permissions\.IsAuthenticated\"", 'permissions.AllowAny"'),
    Mutant("no authentication classes", SETTINGS, r"(DEFAULT_AUTHENTICATION_CLASSES\"\] = )\[\n(?:    .*\n)*\]", r"\1[]"),
    Mutant("browsable API in production", SETTINGS, r"BrowsableAPIRenderer\"\] if DEBUG", 'BrowsableAPIRenderer"] if True'),
    Mutant("no browsable API in development", SETTINGS, r"BrowsableAPIRenderer\"\] if DEBUG", 'BrowsableAPIRenderer"] if False'),
    Mutant("settings without .env file", SETTINGS, r"BASE_DIR / \"\.env\"", 'BASE_DIR / "env"'),
    Mutant("origins from another variable", SETTINGS, r"env\.origins\(\"CSRF_TRUSTED_ORIGINS\"", 'env.origins("CORS_ALLOWED_ORIGINS"'),
    Mutant("HTTPS only on request", SETTINGS, r"\"SECURE_SSL_REDIRECT\", not DEBUG", '"SECURE_SSL_REDIRECT", False'),
    Mutant("static files without hashes", SETTINGS, r"whitenoise\.storage\.CompressedManifestStaticFilesStorage", "django.contrib.staticfiles.storage.StaticFilesStorage"),
    Mutant("Swagger UI from another site", SETTINGS, r"^ +\"SWAGGER_UI_DIST\".*\n", ""),
    Mutant("no timeout of the mail server", SETTINGS, r"^EMAIL_TIMEOUT.*\n", ""),
    Mutant("trust any X-Forwarded-For", SETTINGS, r"\"NUM_PROXIES\": NUM_PROXIES", '"NUM_PROXIES": None'),
    Mutant("trust any X-Forwarded-Proto", SETTINGS, r" if NUM_PROXIES else None", ""),
    Mutant("no throttling of anonymous users", SETTINGS, r"\"anon\": ANON_THROTTLE_RATE", '"anon": "off"'),
    Mutant("no throttling of users", SETTINGS, r"\"user\": USER_THROTTLE_RATE", '"user": "off"'),
    Mutant("login rate of 100/min", SETTINGS, r"\"login\": LOGIN_THROTTLE_RATE", '"login": "100/min"'),
    Mutant("default rates times ten", SETTINGS, r"(_THROTTLE_RATE\", \"\d+)(?=/min)", r"\g<1>0"),
    Mutant("every rate off", SETTINGS, r"None if rate == \"off\" else rate", "None"),
    Mutant("allow any origin", SETTINGS, r"^CORS_EXPOSE_HEADERS", "CORS_ALLOW_ALL_ORIGINS = True\nCORS_EXPOSE_HEADERS"),
    Mutant("allow scripts from anywhere", SETTINGS, r"\"default-src\": \[\"'self'\"\]", '"default-src": ["*"]'),
    Mutant("allow frames of the same origin", SETTINGS, r"^X_FRAME_OPTIONS.*$", 'X_FRAME_OPTIONS = "SAMEORIGIN"'),
    Mutant("health checks not exempt", SETTINGS, r"^ +\"api\.middleware\.exempt_health_checks\",\n", ""),
    Mutant("health checks exempt too late", SETTINGS, r"^( +\"api\.middleware\.exempt_health_checks\",\n)((?:.*\n)*?)\]", r"\2\1]"),
    Mutant("no limit of the body", MIDDLEWARE, r"if length > limit", "if False"),
    Mutant("body read after authentication", MIDDLEWARE, r"if received_bytes\(request\) < length", "if False"),
    Mutant("body not read by a middleware", SETTINGS, r"^ +\"api\.middleware\.read_body\",\n", ""),
    Mutant("incomplete body", MIDDLEWARE, r"received_bytes\(request\) < length", "received_bytes(request) < 0"),
    Mutant("500 on disconnected client", MIDDLEWARE, r"except UnreadablePostError", "except KeyError"),
    Mutant("500 on malformed Content-Length", MIDDLEWARE, r"except ValueError", "except KeyError"),
    Mutant("plain HTTP in the API", SETTINGS, r"^ +\"api\.middleware\.require_https\",\n", ""),
    Mutant("caches store responses to users", MIDDLEWARE, r" or user_id\(request\) is not None", ""),
    Mutant("caches store credentials", MIDDLEWARE, r"\"/auth/\" in request\.path_info or ", ""),
    Mutant("no Cache-Control: no-store", MIDDLEWARE, r"^( +)response\[\"Cache-Control\"\] = .*$", r"\1pass"),
    Mutant("no Vary: Authorization", SETTINGS, r"^(AUTHENTICATION_HEADERS = )\[\"Authorization\"\]$", r'\1["Accept"]'),
    Mutant("HSTS as a float", SETTINGS, r"int\((timedelta\(days=365\)\.total_seconds\(\))\)", r"\1"),
    Mutant("no timeout of queries", SETTINGS, r"f\"\{timeout\} \{given\}\" if given else timeout", 'given or ""'),
    Mutant("timeout replaces other options", SETTINGS, r"f\"\{timeout\} \{given\}\" if given else timeout", "timeout"),
    Mutant("keep malformed session keys", SETTINGS, r"^ +\"api\.middleware\.ignore_malformed_session_key\",\n", ""),
    Mutant("details for OPTIONS", SETTINGS, r"^.*DEFAULT_METADATA_CLASS.*\n", ""),
    Mutant("weak password hashing", SETTINGS, r"    \"django\.contrib\.auth\.hashers\.Argon2PasswordHasher\",\n", ""),
    Mutant("weak passwords", SETTINGS, r"^    \{\"NAME\": \"django\.contrib\.auth\.password_validation.*\n", ""),
    Mutant("passwords similar to the username", SETTINGS, r"^.*UserAttributeSimilarityValidator.*\n", ""),
    Mutant("no HSTS in health checks", SETTINGS, r"^( +\"django\.middleware\.security\.SecurityMiddleware\",\n)( +\"api\.middleware\.CSP[\s\S]*?require_https\",\n)", r"\2\1"),
    Mutant("no policy for rejected requests", SETTINGS, r"^( +\"api\.middleware\.CSPMiddleware\",\n)((?:.*\n)*?)\]", r"\2\1]"),
    Mutant("redirect of the API", SETTINGS, r", \"\^api/v\"\]", "]"),
    Mutant("redirect of health checks", SETTINGS, r"\[\"\^health/\", ", "["),
    Mutant("cookies without prefix", SETTINGS, r"\"__Host-\" if SECURE_SSL_REDIRECT else \"\"", '""'),
    Mutant("cookies with prefix over HTTP", SETTINGS, r" if SECURE_SSL_REDIRECT else \"\"", ""),
    Mutant("messages in cookies", SETTINGS, r"^MESSAGE_STORAGE.*\n", ""),
    Mutant("objects from anywhere", SETTINGS, r"^ +\"object-src\".*\n", ""),
    Mutant("session cookie for scripts", SETTINGS, r"^MESSAGE_STORAGE", "SESSION_COOKIE_HTTPONLY = False\nMESSAGE_STORAGE"),
    Mutant("no CSRF protection of pages", SETTINGS, r"^ +\"django\.middleware\.csrf\.CsrfViewMiddleware\",\n", ""),
    Mutant("templates without escaping", SETTINGS, r"(\"OPTIONS\": \{\n)(?= +\"context_processors)", r'\1            "autoescape": False,\n'),
    Mutant("search as SQL", FILTERS, r"^    max_terms = 10$", "    max_terms = 10\n\n    def filter_queryset(self, request, queryset, view):\n        return queryset.extra(where=[f\"title LIKE '%%{request.query_params.get(self.search_param, '')}%%'\"])\n"),
    Mutant("source control metadata in the image", ".dockerignore", r"^\.git/\n", ""),
    Mutant("secrets in the image", ".dockerignore", r"^\.env\n", ""),
    Mutant("admin login keeps session key", "accounts/admin.py", r"^        self\.request\.session\.flush\(\)$", "        pass"),
    Mutant("API docs without project name", SETTINGS, r"\"TITLE\": PROJECT_NAME", '"TITLE": ""'),
    # Environment
    Mutant("no required variables", SETTINGS, r"return default if DEBUG else \.\.\.", "return default"),
    Mutant("ignore invalid variables", SETTINGS, r"^env\.seal\(\)$", ""),
    Mutant("seal() without effect", ENV, r"^            super\(\)\.seal\(\)$", "            pass"),
    Mutant("fail at the first error", ENV, r"eager=False", "eager=True"),
    Mutant("report the first error only", ENV, r"\*lines\]", "*lines[:1]]"),
    Mutant("report values of variables", ENV, r"\{' '\.join\(messages\)\}", "{' '.join(messages)} {__import__('os').environ.get(name)}"),
    Mutant("empty variable counts as set", ENV, r"value\.strip\(\) or default", "value.strip()"),
    Mutant("spaces around values", ENV, r"value\.strip\(\) or default", "value if value.strip() else default"),
    Mutant(".env of parent folders", ENV, r"recurse=False", "recurse=True"),
    Mutant("no .env file", ENV, r"^        self\.read_env\(.*\n", ""),
    Mutant(".env overrides the environment", ENV, r"super\(\)\._get_value\(env_key, default\)", "self._environ.get(env_key, super()._get_value(env_key, default))"),
    Mutant("any URL of a cache", ENV, r'parts\.scheme in \{"redis", "rediss"\}', "parts.scheme"),
    Mutant("rate of 0", ENV, r"\[1-9\]\[0-9\]\{0,8\}", "[0-9]{1,9}"),
    Mutant("rate with a line break", ENV, r"\\Z\"", '$"'),
    Mutant("origins with a path", ENV, r"re\.fullmatch\((.*, origin\))", r"re.match(\1"),
    Mutant("slash at the end of a URL", ENV, r"url\.rstrip\(\"/\"\)", "url"),
    Mutant("any database server", ENV, r"\{\"postgres\", \"postgresql\"\}", '{"postgres", "postgresql", "mysql"}'),
    Mutant("no write lock in SQLite", ENV, r"\{\"transaction_mode\": \"IMMEDIATE\"\}", "{}"),
    Mutant("no timeout of the database", ENV, r"\{\"connect_timeout\".*\}", "{}"),
    Mutant("any mail server", ENV, r"not in \{\"smtp\", .*\}", "in {}"),
    Mutant("any DSN", ENV, r"str\(Dsn\(dsn\)\)", "dsn"),
    # Throttling, errors, health checks and logs
    Mutant("login throttle for all clients", THROTTLING, r"self\.get_ident\(request\)", '"everybody"'),
    Mutant("login throttle starts over", THROTTLING, r"return cache\.incr\(counter, by\)(?=\n    except)", "raise ValueError"),
    Mutant("concurrent periods", THROTTLING, r"if cache\.add\(counter, by, period\)", "if not cache.set(counter, by, period)"),
    Mutant("period never ends", THROTTLING, r"cache\.add\(counter, by, period\)", "cache.add(counter, by, None)"),
    Mutant("another round trip for throttles", THROTTLING, r"^    counter = ", "    cache.get(key)\n    counter = "),
    Mutant("constant Retry-After", THROTTLING, r"return max\(.*\)$", "return period"),
    Mutant("one login too many", THROTTLING, r"limit \+ number", "limit + number + 1"),
    Mutant("counts outlive the period", THROTTLING, r"pop\(\) <= time\.time\(\)", "pop() <= 0"),
    Mutant("counts beyond the limit", THROTTLING, r"min\((number, limit \+ number - .*)\)$", r"max(\1)"),
    Mutant("counts one by one", THROTTLING, r"min\(10, limit // 100\)", "1"),
    Mutant("counts without limit of memory", THROTTLING, r"^ +reserved\.clear\(\)$", "            pass"),
    Mutant("error when the period ends", THROTTLING, r"except ValueError(?=:  )", "except KeyError"),
    Mutant("no throttling of the admin login", URLS, r"\(admin\.site\.login, LoginThrottle\)", "(admin.site.login)"),
    Mutant("no throttling of the browsable login", URLS, r"throttle_form\(login, LoginThrottle\)", "login"),
    Mutant("admin change not throttled by user", URLS, r"^ +PasswordThrottle,\n", ""),
    Mutant("admin change not throttled by IP", URLS, r"^ +LoginThrottle,\n", ""),
    Mutant("GET counts as a login", THROTTLING, r"if request\.method not in \{.*\}", "if False"),
    Mutant("IPv6 addresses not by network", THROTTLING, r"IPv6Network\(.*64\)\)", "address"),
    Mutant("IPv4 addresses in IPv6 by network", THROTTLING, r"address\.ipv4_mapped or ", ""),
    Mutant("port counts as another client", THROTTLING, r"if host\.count\(\":\"\) == 1", "if False"),
    Mutant("500 on malformed address", THROTTLING, r"except ValueError(?=:\n)", "except KeyError"),
    Mutant("no throttling of accounts", BACKENDS, r"^        throttle\.count\(\)\n", ""),
    Mutant("one failed login too many", THROTTLING, r" > self\.num_requests", " > self.num_requests + 1"),
    Mutant("successes count as failures", BACKENDS, r"^            throttle\.discount\(\)$", "            pass"),
    Mutant("success resets failures", THROTTLING, r"increment\(self\.key, self\.duration, -1\)", "cache.delete(f\"{self.key}:count\")"),
    Mutant("account throttle by address", BACKENDS, r"AccountThrottle\(username\)", 'AccountThrottle(f"{username} {request and request.META.get(\'REMOTE_ADDR\')}")'),
    Mutant("usernames in cache keys", THROTTLING, r"hashlib\.sha256\(.*\)\.hexdigest\(\)", "username"),
    Mutant("admin login without Retry-After", THROTTLING, r"^ +headers=.*\n", ""),
    Mutant("404 as HTML", URLS, r"^handler404.*$", ""),
    Mutant("500 as HTML", URLS, r"^handler500.*$", ""),
    Mutant("JSON errors on every page", EXCEPTIONS, r"request\.path_info\.startswith\(\"/api/\"\)", "True"),
    Mutant("500 on deletion of an author", EXCEPTIONS, r"isinstance\(exc, ProtectedError \| RestrictedError\)", "False"),
    Mutant("conflict as 400", EXCEPTIONS, r"HTTP_409_CONFLICT", "HTTP_400_BAD_REQUEST"),
    Mutant("query timeout as 500", EXCEPTIONS, r"isinstance\(exc\.__cause__, QueryCanceled\)", "False"),
    Mutant("deleted reference as 500", EXCEPTIONS, r'"ForeignKeyViolation": REFERENCE,', ""),
    Mutant("any integrity error as 409", EXCEPTIONS, r"CONFLICTS\.get\(name_of_cause\(exc\)\)", "DUPLICATE"),
    Mutant("any database error as 503", EXCEPTIONS, r" and isinstance\(exc\.__cause__, QueryCanceled\)", ""),
    Mutant("500 on update of a deleted row", EXCEPTIONS, r"type\(exc\) is DatabaseError and exc\.__cause__ is None", "False"),
    Mutant("deleted row comes back", SERIALIZERS, r"^        instance\.save\(.*\)$", "        instance.save()"),
    Mutant("update writes all columns", SERIALIZERS, r"update_fields=written", "update_fields=[field.name for field in columns]"),
    Mutant("update keeps updated_at", SERIALIZERS, r'getattr\(field, "auto_now", False\)', "False"),
    Mutant("serializers share fields", SERIALIZERS, r"copy_field\(field\) for", "field for"),
    Mutant("serializers share nested fields", SERIALIZERS, r"if contains_fields", "if False"),
    Mutant("serializers share nested serializers", SERIALIZERS, r"isinstance\(field, serializers\.BaseSerializer\) or ", ""),
    Mutant("fields of the first request", SERIALIZERS, r"return True", "return False"),
    Mutant("choices of the first request", SERIALIZERS, r"callable\(field\.remote_field\.limit_choices_to\)", "False"),
    Mutant("choices of the first callable", SERIALIZERS, r" or computes_choices", ""),
    Mutant("update nested objects", SERIALIZERS, r"^        serializers\.raise_errors_on.*\n", ""),
    Mutant("deferred columns are loaded to be written", SERIALIZERS, r" if field\.attname not in deferred", ""),
    Mutant("serializers share lists", SERIALIZERS, r"\(dict, list\)", "dict"),
    Mutant("serializers share dictionaries", SERIALIZERS, r"\(dict, list\)", "list"),
    Mutant("update without many-to-many fields", SERIALIZERS, r"^ +getattr\(instance, name\)\.set\(.*$", "            pass"),
    Mutant("browsable login in production", URLS, r"if settings\.DEBUG:", "if True:"),
    Mutant("admin without project name", URLS, r"settings\.PROJECT_NAME", '"Administration"'),
    Mutant("always ready", HEALTH, r"^        return False$", "        return True"),
    Mutant("ready without cache", HEALTH, r"^ +\"cache\": .*\n", ""),
    Mutant("ready without database", HEALTH, r"^ +\"database\": .*\n", ""),
    Mutant("readiness on an old connection", HEALTH, r"closing\(connection\.copy\(\)\) as new, new\.cursor", "connection.cursor"),
    Mutant("keep dead connection", HEALTH, r"bool\(selector\.select\(timeout=0\)\)", "False"),
    Mutant("close every connection", HEALTH, r"bool\(selector\.select\(timeout=0\)\)", "True"),
    Mutant("read from closed connection", HEALTH, r"database\.connection\.closed or ", ""),
    Mutant("readiness reveals hosts", HEALTH, r"\"failed\": failed", '"failed": failed, "host": "db.internal"'),
    Mutant("accept any request id", MIDDLEWARE, r"given if re\.fullmatch\(.*\) else", "given if given else"),
    Mutant("log query strings", MIDDLEWARE, r"\"path\": request\.path,", '"path": request.get_full_path(),'),
    Mutant("log headers", MIDDLEWARE, r"\"method\": request\.method,", '"method": request.method, "headers": str(request.META),'),
    Mutant("log no users", MIDDLEWARE, r"\"user_id\": .*,", '"user_id": None,'),
    Mutant("request id outlives its request", MIDDLEWARE, r"current_request_id\.set\(None\)", "pass"),
    Mutant("query for the log", MIDDLEWARE, r" or isinstance\(user, SimpleLazyObject\)", ""),
    # Audit log, Sentry and warnings
    Mutant("audit: no logins", AUDIT, r"^    log_on_commit\(\"login\".*$", "    pass"),
    Mutant("audit: no failed logins", AUDIT, r"^    log_event\(\"login_failed\".*$", "    pass"),
    Mutant("audit: failed logins without user", AUDIT, r"users\.values_list\(.*\)\.first\(\)", "None"),
    Mutant("audit: usernames", AUDIT, r"\"login_failed\", (.*)\)$", r'"login_failed", \1, username=credentials["username"])'),
    Mutant("audit: no logouts", AUDIT, r"if user is not None:.*$", "if False:"),
    Mutant("audit: logouts of nobody", AUDIT, r"if user is not None:.*$", "if user := user or get_user_model()():"),
    Mutant("audit: no password changes", AUDIT, r"^        log_on_commit\(\"password_changed\".*$", "        pass"),
    Mutant("audit: changes rolled back", AUDIT, r"transaction\.on_commit\((.*)\)$", r"(\1)()"),
    Mutant("audit: no password hook", SETTINGS, r"^ +\{\"NAME\": \"api\.audit\..*\n", ""),
    Mutant("audit: depends on LOG_LEVEL", SETTINGS, r"^ +\"security\": .*\n", ""),
    Mutant("audit: no denied requests", MIDDLEWARE, r"403: \"access_denied\", ", ""),
    Mutant("audit: no throttled requests", MIDDLEWARE, r", 429: \"throttled\"", ""),
    Mutant("audit: no user denied", MIDDLEWARE, r"log_event\(event, user_id\(request\)\)", "log_event(event, None)"),
    Mutant("audit: no requested resets", AUTH_SERIALIZERS, r"^ +log_event\(\"password_reset_requested\".*\n", ""),
    Mutant("audit: no resets", AUTH_SERIALIZERS, r"^ +log_on_commit\(\"password_reset\".*\n", ""),
    Mutant("audit: no new tokens", TOKENS, r"^    if created:", "    if False:"),
    Mutant("audit: every token is new", TOKENS, r"^    if created:", "    if True:"),
    Mutant("audit: no revoked tokens", TOKENS, r"^    if deleted:", "    if False:"),
    Mutant("audit: token that did not exist", TOKENS, r"^    if deleted:", "    if True:"),
    Mutant("audit: no logouts with a token", TOKENS, r"^    user_logged_out\.send\(.*\n", ""),
    Mutant("audit: no new JSON web tokens", LOGIN, r"^ +log_on_commit\(\"token_created\".*\n", ""),
    Mutant("audit: no rotated tokens", TOKENS, r"^ +log_on_commit\(\"token_rotated\".*\n", ""),
    Mutant("audit: no reuse of tokens", TOKENS, r"^ +log_event\(\"token_reuse_detected\".*\n", ""),
    Mutant("audit: no revoked refresh tokens", LOGOUT, r"^ +log_on_commit\(\"token_revoked\".*\n", ""),
    Mutant("audit: no blacklisted tokens", LOGOUT, r"in \(\"logout\", \"token_revoked\"\)", "in ()"),
    Mutant("audit: no logout-all", LOGOUT, r"^ +user_logged_out\.send\(.*\n", ""),
    Mutant("audit: no new keys", AUTH_MODELS, r"^        if adding:", "        if False:"),
    Mutant("audit: every saved key is new", AUTH_MODELS, r"^        if adding:", "        if True:"),
    Mutant("audit: no revoked keys", AUTH_MODELS, r"^        if revoked:", "        if False:"),
    Mutant("audit: keys revoked twice", AUTH_MODELS, r"^        if revoked:", "        if True:"),
    Mutant("audit: no deleted keys", AUTH_MODELS, r"^@receiver\(post_delete.*\n", ""),
    Mutant("audit: no rotated keys", KEYS, r"^ +key\.log\(.*\n", ""),
    Mutant("audit: hashes of keys", AUTH_MODELS, r"prefix=self\.prefix\)$", "prefix=self.pk)"),
    Mutant("audit: no user of a scope", AUTHENTICATORS, r"^ +request\._request\._cached_user = .*\n", ""),
    Mutant("sentry: headers and query strings", SETTINGS, r"^ +before_send=.*\n", ""),
    Mutant("sentry: breadcrumbs", SETTINGS, r"^ +max_breadcrumbs=.*\n", ""),
    Mutant("sentry: local variables", SETTINGS, r"^ +include_local_variables=.*\n", ""),
    Mutant("warnings: not filtered", SETTINGS, r"(\"filters\": \[\"request_id\"), \"secrets\"", r"\1"),
    Mutant("warnings: query strings", MIDDLEWARE, r"^ +record\.__dict__\.pop\(.*\n", ""),
    Mutant("warnings: referring pages", MIDDLEWARE, r"\.partition\(\" - \"\)\[0\]", ""),
    Mutant("warnings: tracebacks", MIDDLEWARE, r"record\.exc_info = None", "pass"),
    # Requests and pages
    Mutant("accept infinity", PARSERS, r"allow_nan=False", "allow_nan=True"),
    Mutant("accept surrogates", PARSERS, r"\.encode\(\)", ""),
    Mutant("500 on deep nesting", PARSERS, r"except RecursionError", "except KeyError"),
    Mutant("accept any encoding", PARSERS, r"super\(\)\.parse\(stream, media_type\)", "super().parse(stream, media_type, parser_context)"),
    Mutant("no maximum of the page size", PAGINATION, r"max_page_size = 100", "max_page_size = None"),
    Mutant("page size of 10", SETTINGS, r'"PAGE_SIZE": 20', '"PAGE_SIZE": 10'),
    Mutant("overlapping pages", FILTERS, r", \"-pk\"\]", "]"),
    Mutant("search for any number of terms", FILTERS, r"len\(terms\) > self\.max_terms", "False"),
    Mutant("search for text of any length", FILTERS, r"if len\(value\) <= self\.max_length else None", ""),
    # Proxy
    Mutant("proxy without buffer", NGINX, r"proxy_request_buffering on", "proxy_request_buffering off"),
    Mutant("proxy without limit of the body", NGINX, r"client_max_body_size .*;", "client_max_body_size 0;"),
    Mutant("proxy with limit of its own", NGINX, r"^.*client_max_body_size .*\n", ""),
    Mutant("proxy with lower limit", NGINX, r"client_max_body_size .*;", "client_max_body_size 2559k;"),
    Mutant("proxy with slow headers", NGINX, r"(client_header_timeout) .*;", r"\1 1h;"),
    Mutant("proxy with slow bodies", NGINX, r"(client_body_timeout) .*;", r"\1 1h;"),
    Mutant("proxy with default timeouts", NGINX, r"^.*client_(header|body)_timeout .*\n", ""),
    Mutant("proxy passes X-Forwarded-For", NGINX, r"(X-Forwarded-For) \$\w+", r"\1 $http_x_forwarded_for"),
    Mutant("proxy passes X-Forwarded-Proto", NGINX, r"^.*X-Forwarded-Proto .*\n", ""),
    # startresource
    Mutant("create any name of an app", STARTRESOURCE, r"^    if not re\.fullmatch\(r\"\[a-z\].*:$", "    if False:"),
    Mutant("create long name of an app", STARTRESOURCE, r" or len\(app\) > 40", ""),
    Mutant("create keyword", STARTRESOURCE, r"keyword\.iskeyword\(app\)", "False"),
    Mutant("create existing app", STARTRESOURCE, r"if app in \{.*\}", "if False"),
    Mutant("create existing folder", STARTRESOURCE, r"\(settings\.BASE_DIR / path\)\.exists\(\)", "False"),
    Mutant("create existing tests", STARTRESOURCE, r"f\"tests/\{app\}\", ", ""),
    Mutant("create existing operation", STARTRESOURCE, r"if taken := ids & ", "if taken := set() and "),
    Mutant("create existing schema", STARTRESOURCE, r"if taken := names & ", "if taken := set() and "),
    Mutant("create existing module", STARTRESOURCE, r"if find_spec\(app\)", "if False"),
    Mutant("create attribute of users", STARTRESOURCE, r"hasattr\(get_user_model\(\), app\)", "False"),
    Mutant("create existing URL", STARTRESOURCE, r"^        resolve\(url\)$", "        raise Resolver404"),
    Mutant("create any name of a model", STARTRESOURCE, r"^    if not re\.fullmatch\(r\"\[A-Z\].*:$", "    if False:"),
    Mutant("create long name of a model", STARTRESOURCE, r" or len\(model\) > 40", ""),
    Mutant("create built-in", STARTRESOURCE, r"hasattr\(builtins, model\) or ", ""),
    Mutant("create keyword as variable", STARTRESOURCE, r" or keyword\.iskeyword\(variable\)", ""),
    Mutant("create existing model", STARTRESOURCE, r"if model in \{.*\}", "if False"),
    Mutant("create existing fixture", STARTRESOURCE, r"if f\"def \{variable\}\(\" in .*:$", "if False:"),
    Mutant("create existing serializer", STARTRESOURCE, r"if f\"\{model\}Serializer\" in .*:$", "if False:"),
    Mutant("create nested serializer", STARTRESOURCE, r"\.union\(.*\)$", ".union(each.__name__ for each in serializer.__subclasses__())"),
    Mutant("create reserved name", STARTRESOURCE, r"variable in RESERVED or ", ""),
    Mutant("create imported name", STARTRESOURCE, r" or model in imported_names\(\)", ""),
    Mutant("create existing route", STARTRESOURCE, r"^        reverse\(route\)$", "        raise NoReverseMatch"),
    Mutant("create unregistered app", STARTRESOURCE, r"^        self\.register\(app\)\n", ""),
    Mutant("create half registered app", STARTRESOURCE, r"if any\(changed", "if all(changed"),
    Mutant("create silently unregistered app", STARTRESOURCE, r"^                self\.stdout\.write\(.*$", "                pass"),
    Mutant("create unformatted app", STARTRESOURCE, r"^    if find_spec\(\"ruff\"\)", "    if False"),
    Mutant("create only with ruff", STARTRESOURCE, r"^    if find_spec\(\"ruff\"\)", "    if True"),
    # Users
    Mutant("duplicate email addresses", "accounts/migrations/0001_initial.py", r"Lower\(\"email\"\)", 'Lower("username")'),
    Mutant("change of the email address", USER, r"CharField\(read_only=True\)", "CharField()"),
    Mutant("change of the username", USER, r"read_only_fields = \[\"username\"\]", "read_only_fields = []"),
    Mutant("profile with password hash", USER, r"\"last_name\"\]", '"last_name", "password"]'),
    Mutant("profile of another user", "accounts/views.py", r"cast\(User, (self\.)?request\.user\)", "User.objects.last()"),
    Mutant("lock of inactive users", LOCKS, r", is_active=True", ""),
    Mutant("lock without loading the user", LOCKS, r"return (User\.objects.*)$", r"return \1 and user"),
    Mutant("PUT of the profile in viewsets", "accounts/urls.py", r"\"patch\": \"partial_update\"", '"patch": "partial_update", "put": "update"'),
    Mutant("PUT of the profile in generics", "accounts/views.py", r"^    http_method_names.*\n", ""),
    Mutant("PUT of the profile in functions", "accounts/views.py", r"\"GET\", \"PATCH\"", '"GET", "PATCH", "PUT"'),
    # Books and authors
    Mutant("staff changes any book", PERMISSIONS, r"obj\.owner_id == request\.user\.pk", "(obj.owner_id == request.user.pk or request.user.is_staff)"),
    Mutant("anyone changes any book", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or True"),
    Mutant("nobody changes a book", PERMISSIONS, r"or obj\.owner_id == request\.user\.pk", "or False"),
    Mutant("anyone changes authors", PERMISSIONS, r"bool\(request\.user\.is_staff\)", "True"),
    Mutant("views without owner check", VIEWS, r"(IsAuthenticatedOrReadOnly), IsOwnerOrReadOnly\]", r"\1]"),
    Mutant("views without staff check", VIEWS, r"\[IsAdminOrReadOnly\]", "[IsAuthenticatedOrReadOnly]"),
    Mutant("reading only with account", VIEWS, r"(import |\[)IsAuthenticatedOrReadOnly", r"\1IsAuthenticated"),
    Mutant("skip object permissions", VIEWS, r"^ +(self|request\.parser_context\[\"view\"\])\.check_object_permissions.*\n", ""),
    Mutant("show drafts to anonymous users", MODELS, r"return self\.filter\(is_published=True\)", "return self.all()"),
    Mutant("show drafts of others", MODELS, r"Q\(is_published=True\) \| Q\(owner=user\)", ""),
    Mutant("hide own drafts", MODELS, r" \| Q\(owner=user\)", ""),
    Mutant("views show all drafts", VIEWS, r"\.visible_to\((self\.)?request\.user\)", ".all()"),
    Mutant("owner from the body", VIEWS, r"owner=((self\.)?request)\.user", r"owner=type(\1.user).objects.filter(username=\1.data.get('owner')).first() or \1.user"),
    Mutant("no select_related", VIEWS, r"\.with_names\(\)", ""),
    Mutant("select_related without owner", MODELS, r"\.select_related\(\"author\", \"owner\"\)", '.select_related("author")'),
    Mutant("columns of the owner", MODELS, r"related\.only\(.*\)", "related"),
    Mutant("pages without end", "api/pagination.py", r"\[:MAX_OBJECTS\]", ""),
    Mutant("no filters", VIEWS, r"FilterBackend, SearchFilter", "SearchFilter"),
    Mutant("no search", VIEWS, r", SearchFilter, OrderingFilter", ", OrderingFilter"),
    Mutant("no search by author", VIEWS, r"\[\"title\", \"author__name\"\]", '["title"]'),
    Mutant("order by any field", VIEWS, r"(ordering_fields ?= ?)\[.*\]", r'\1"__all__"'),
    Mutant("oldest books first", MODELS, r"ordering = \[\"-created_at\", \"-id\"\]", 'ordering = ["created_at", "id"]'),
    Mutant("book of the future", MODELS, r", validate_not_in_future\]", "]"),
    Mutant("book of the year 0", MODELS, r"MinValueValidator\(1\)", "MinValueValidator(0)"),
    Mutant("filter by any year", "books/filters.py", r"validators=.*\)$", ")"),
    Mutant("publish nothing", MODELS, r"self\.is_published = True", "pass"),
    Mutant("publish every book", MODELS, r"self\.save\(update_fields=\[\"is_published\".*$", "Book.objects.update(is_published=True)"),
    Mutant("search for email addresses", VIEWS, r"\"author__name\"\]", '"author__name", "owner__email"]'),
    Mutant("updated_at never updated", MODELS, r"auto_now=True", "auto_now_add=True"),
    Mutant("description of any length", MODELS, r", max_length=10_000", ""),
    Mutant("keep books of a deleted user", MODELS, r"on_delete=models\.CASCADE", "on_delete=models.PROTECT"),
    Mutant("delete books of an author", MODELS, r"on_delete=models\.PROTECT", "on_delete=models.CASCADE"),
    Mutant("creation as 200", VIEWS, r", status=status\.HTTP_201_CREATED", ""),
    Mutant("no HEAD in functions", VIEWS, r"= APIView\.http_method_names", "= view.cls.http_method_names"),
    Mutant("functions: list without filters", VIEWS, r"in view\.filter_backends:", "in ():"),
    Mutant("functions: list of drafts", VIEWS, r"(    books = .*)visible_to\(request\.user\)(?=.*\n    for )", r"\1all()"),
    Mutant("functions: book by any id", VIEWS, r"(    books = .*)visible_to\(request\.user\)(?=.*\n    book = )", r"\1all()"),
    Mutant("functions: books without owner check", VIEWS, r", IsOwnerOrReadOnly(?=\]\)\ndef book_detail)", ""),
    Mutant("functions: anyone publishes a book", VIEWS, r", IsOwnerOrReadOnly(?=\]\)\ndef book_publish)", ""),
    Mutant("functions: book without its checks", VIEWS, r"book = get_book\(request, pk\)(?=\n    if )", "book = get_object_or_404(Book, pk=pk)"),
    Mutant("functions: publish without checks", VIEWS, r"book = get_book\(request, pk\)(?=\n    book\.publish)", "book = get_object_or_404(Book, pk=pk)"),
    Mutant("functions: books without decorator", VIEWS, r"^@permission_classes.*\n(?=def book_list)", ""),
    Mutant("functions: authors without decorator", VIEWS, r"^@permission_classes.*\n(?=def author_(list|detail))", ""),
    Mutant("books on one page", VIEWS, r"(BookSerializer\(page.*\n +return )paginator\.get_paginated_response", r"\1Response"),
    Mutant("authors on one page", VIEWS, r"(AuthorSerializer\(page.*\n +return )paginator\.get_paginated_response", r"\1Response"),
    Mutant("serializers without request", VIEWS, r"context=\{\"request\": request\}", "context={}"),
    Mutant("functions: pages not documented", VIEWS, r"^\w+\.pagination_class = .*\n", ""),
    Mutant("functions: filters not documented", VIEWS, r"^BookListView\.queryset = .*\n", ""),
    Mutant("functions: no filter set", VIEWS, r"^BookListView\.filterset_class = .*\n", ""),
    Mutant("functions: PUT of some fields", VIEWS, r"partial=request\.method == \"PATCH\"", "partial=True"),
    Mutant("functions: PATCH of all fields", VIEWS, r"partial=request\.method == \"PATCH\"", "partial=False"),
    Mutant("save without validation", VIEWS, r"^( +)serializer\.is_valid\(raise_exception=True\)$", r"\1serializer.is_valid()"),
    Mutant("functions: delete nothing", VIEWS, r"^        book\.delete\(\)\n", ""),
    Mutant("deletion as 200", VIEWS, r"status=status\.HTTP_204_NO_CONTENT", ""),
    Mutant("filtered categories", VIEWS, r"pagination_class=None, filter_backends=\[\]", "pagination_class=None"),
    Mutant("paginated categories", VIEWS, r"pagination_class=None, filter_backends=\[\]", "filter_backends=[]"),
    Mutant("ids that are not integers", VIEWS, r"^    lookup_value_converter.*\n", ""),
    Mutant("query per book in the admin", "books/admin.py", r"(list_display = \[)", r"\1lambda book: book.owner.groups.count(), "),
    Mutant("no search for owners in the admin", "books/admin.py", r", \"owner__username\"", ""),
    Mutant("demo data in production", "books/management/commands/seed_demo.py", r"not settings\.DEBUG", "False"),
    # Login and logout
    Mutant("no throttling of logins", LOGIN, r"^    throttle_classes = \[LoginThrottle\]\n", ""),
    Mutant("login rejects expired credentials", LOGIN, r"^    authentication_classes = (\[\]|\(\))\n", ""),
    Mutant("login without CSRF protection", LOGIN, r"\[CSRFProtection\]", "[]"),
    Mutant("no CSRF protection", AUTHENTICATORS, r"^        self\.enforce_csrf\(request\)$", "        pass"),
    Mutant("no challenge", AUTHENTICATORS, r"return ('Session realm=\"api\"'|self\.keyword)$", "return None"),
    Mutant("login keeps session key", LOGIN, r"^        request\.session\.flush\(\)\n", ""),
    Mutant("cached CSRF token", LOGIN, r"^@method_decorator\(never_cache.*\n", ""),
    Mutant("logout keeps the session", LOGIN, r"^        logout\(request\)$", "        pass"),
    Mutant("logout keeps the token", TOKENS, r"^        revoke_token\(user, key=.*$", "        pass"),
    Mutant("logout revokes a later token", TOKENS, r"revoke_token\(user, key=.*$", "revoke_token(user)"),
    Mutant("sessions in signed cookies", SETTINGS, r"\"django\.contrib\.sessions\.backends\.db\"", '"django.contrib.sessions.backends.signed_cookies"'),
    Mutant("no credentials across origins", SETTINGS, r"^CORS_ALLOW_CREDENTIALS.*$", ""),
    # Registration
    Mutant("no throttling of registrations", REGISTRATION, r"^    throttle_classes = \[LoginThrottle\]\n", ""),
    Mutant("no throttling of new accounts", USERS, r"if self\.action == \"create\":(?=\n +return)", "if False:"),
    Mutant("registration rejects expired token", AUTH_URLS, r"RegistrationView\.as_view\(\)", "RegistrationView.as_view(authentication_classes=RegistrationView.__base__.authentication_classes)"),
    Mutant("creation rejects expired token", USERS, r"^            drf_request\.authenticators = \[\]$", "            pass"),
    Mutant("registration without CSRF protection", AUTH_URLS, r"RegistrationView\.as_view\(\*\*anonymous\)", "RegistrationView.as_view()"),
    Mutant("reset without CSRF protection", AUTH_URLS, r"(PasswordReset\w*View)\.as_view\(\*\*anonymous\)", r"\1.as_view()"),
    Mutant("create weak password", AUTH_SERIALIZERS, r"^( +)validate_password\(attrs\[\"password\"\].*\)$", r"\1pass"),
    Mutant("create password like the username", AUTH_SERIALIZERS, r", User\(\*\*attrs\)\)", ")"),
    Mutant("plain text passwords", AUTH_SERIALIZERS, r"objects\.create_user\(", "objects.create("),
    Mutant("password in the response", AUTH_SERIALIZERS, r"\"write_only\": True, ", ""),
    Mutant("addresses that differ by case", AUTH_SERIALIZERS, r"if users_with_address\(value\)", "if User.objects.filter(email=value)"),
    Mutant("registration reads every address", AUTH_SERIALIZERS, r"return users\.filter\(lower_email=.*$", "return users.filter(email__iexact=email)"),
    Mutant("optional email address", AUTH_SERIALIZERS, r"\"required\": True, \"allow_blank\": False", '"required": False'),
    Mutant("username in another form", AUTH_SERIALIZERS, r"value != User\.normalize_username\(value\)", "False"),
    Mutant("email address that grows", AUTH_SERIALIZERS, r"len\(value\.lower\(\)\) > len\(value\)", "False"),
    Mutant("500 on concurrent registration", AUTH_SERIALIZERS, r"except IntegrityError", "except KeyError"),
    # Passwords
    Mutant("trim registered password", AUTH_SERIALIZERS, r"^(    password = PasswordField\()", r"\1trim_whitespace=True"),
    Mutant("trim password at login", LOGIN, r"(\"password\"\] = .*)trim_whitespace=False", r"\1trim_whitespace=True"),
    Mutant("trim new password", AUTH_SERIALIZERS, r"(PasswordSerializer\):\n    new_password = PasswordField\()", r"\1trim_whitespace=True"),
    Mutant("trim password at reset", AUTH_SERIALIZERS, r"(    token = .*\n    new_password = PasswordField\()", r"\1trim_whitespace=True"),
    Mutant("trim current password", AUTH_SERIALIZERS, r"^(    current_password = PasswordField\()", r"\1trim_whitespace=True"),
    Mutant("change to a weak password", AUTH_SERIALIZERS, r"^        validate_password\(value.*\)$", "        pass"),
    Mutant("reset to a weak password", AUTH_SERIALIZERS, r"^( +)validate_password\(attrs\[\"new_password\"\].*\)$", r"\1pass"),
    Mutant("change to the username", AUTH_SERIALIZERS, r"validate_password\(value, self\.instance\)", "validate_password(value)"),
    Mutant("reset to the username", AUTH_SERIALIZERS, r"validate_password\(attrs\[\"new_password\"\], self\.instance\)", 'validate_password(attrs["new_password"])'),
    Mutant("change with any current password", AUTH_SERIALIZERS, r"if not authenticate\(.*\):$", "if False:"),
    Mutant("change nothing", AUTH_SERIALIZERS, r"^        instance\.set_password\(.*\)$(?!\n.*\n.*\n*\Z)", "        pass"),
    Mutant("reset nothing", AUTH_SERIALIZERS, r"^        instance\.set_password\(.*\)$(?=(\n.*){3}\n*\Z)", "        pass"),
    Mutant("change not throttled by user", PASSWORDS, r"\[LoginThrottle, PasswordThrottle\]", "[LoginThrottle]"),
    Mutant("change not throttled by address", PASSWORDS, r"\[LoginThrottle, PasswordThrottle\]", "[PasswordThrottle]"),
    Mutant("change without lock", PASSWORDS, r"lock_user\((cast\(.*?\))\)", r"\1"),
    Mutant("change ends this session", LOGIN, r"^        update_session_auth_hash\(.*\)\n", ""),
    Mutant("change revokes no token", TOKENS, r"^        revoke_token\(user\)$", "        pass"),
    Mutant("revoke every token", TOKENS, r"filter\(user=user, \*\*lookup\)", "filter(**lookup)"),
    Mutant("no hook for changed passwords", SETTINGS, r"^AUTH_PASSWORD_VALIDATORS \+= .*$", ""),
    # Tokens
    Mutant("no expiry of tokens", TOKENS, r"if token\.created < expired_before\(\)", "if False"),
    Mutant("keep expired tokens", TOKENS, r"^    Token\.objects\.filter\(.*\)\.delete\(\)\n", ""),
    Mutant("login without lock", TOKENS, r"if not unchanged\.select_for_update\(\)", "if False"),
    Mutant("login of a user just deactivated", TOKENS, r", is_active=True\)$", ")"),
    Mutant("login keeps reset links", TOKENS, r"^    user_logged_in\.send\(.*\n", ""),
    Mutant("admin page of tokens", AUTH_ADMIN, r"^admin\.site\.unregister\(TokenProxy\)$", ""),
    Mutant("admin shows token on deletion", AUTH_ADMIN, r"^Token\.__str__ = .*$", ""),
    Mutant("default lifetime times ten", SETTINGS, r"(_TTL_DAYS\", \d+)", r"\g<1>0"),
    Mutant("a day more for tokens and keys", SETTINGS, r"timedelta\(days=(\w+_TTL_DAYS)\)", r"timedelta(days=1 + \1)"),
    # Password reset
    Mutant("links to localhost", MAIL, r"\{settings\.FRONTEND_URL\}", "http://localhost:3000"),
    Mutant("email without project name", MAIL, r"project=settings\.PROJECT_NAME", 'project=""'),
    Mutant("subject without project name", MAIL, r" for \{settings\.PROJECT_NAME\}", ""),
    Mutant("email with HTML entities", MAIL, r", message, None", ', __import__("html").escape(message), None'),
    Mutant("email in the foreground", MAIL, r"executor\.submit\(deliver\)", "deliver()"),
    Mutant("email sent twice", MAIL, r"if (request_finished\.disconnect\(submit\)):", r"if \1 or True:"),
    Mutant("email before the response", MAIL, r"request_finished\.connect\(submit, weak=False\)", "executor.submit(deliver)"),
    Mutant("email without request id", MAIL, r"copy_context\(\)\.run, ", ""),
    Mutant("failed email not logged", MAIL, r"except Exception", "except KeyError"),
    Mutant("failed email logs the link", MAIL, r"type\(error\)\.__name__", 'f"{type(error).__name__} {error}"'),
    Mutant("emails to inactive users", AUTH_SERIALIZERS, r"users\.filter\(is_active=True\)", "users"),
    Mutant("emails to users without password", AUTH_SERIALIZERS, r"user and user\.has_usable_password\(\)", "user"),
    Mutant("reset with address in other case", AUTH_SERIALIZERS, r"users_with_address\(self\.(.*)\)$", r"User.objects.filter(email=self.\1)"),
    Mutant("reset by inactive users", AUTH_SERIALIZERS, r"\(pk=pk, is_active=True\)", "(pk=pk)"),
    Mutant("reset by any link", AUTH_SERIALIZERS, r"if not default_token_generator\.check_token\(.*\)", "if not self.instance"),
    Mutant("500 on reset with invalid id", AUTH_SERIALIZERS, r"except ValueError", "except KeyError"),
    Mutant("reset link works twice", PASSWORDS, r"^    @transaction\.atomic\n(?=.*\n.*ResetConfirm)", ""),
    Mutant("reset link works twice with Djoser", USERS, r"^    @transaction\.atomic\n(?=.*reset_password_confirm)", ""),
    Mutant("link valid for a day", SETTINGS, r"timedelta\(hours=1\)", "timedelta(days=1)"),
    Mutant("no throttling of reset", PASSWORDS, r"^    throttle_classes = \[LoginThrottle\]\n", ""),
    # Djoser
    Mutant("show all users", SETTINGS, r"\"HIDE_USERS\": True", '"HIDE_USERS": False'),
    Mutant("reset rejects expired token", USERS, r"^    authentication_classes = \(\)\n", ""),
    Mutant("no throttling of emails", USERS, r"if self\.action == \"reset_password\":", "if False:"),
    Mutant("users change passwords without lock", USERS, r"get_serializer\(lock_user\((cast\(.*?\))\)", r"get_serializer(\1"),
    Mutant("account deletion without lock", USERS, r"user = lock_user\((cast\(.*?\))\)", r"user = \1"),
    Mutant("users not throttled by user", USERS, r"\[LoginThrottle\(\), PasswordThrottle\(\)\]", "[LoginThrottle()]"),
    Mutant("users not throttled by address", USERS, r"\[LoginThrottle\(\), PasswordThrottle\(\)\]", "[PasswordThrottle()]"),
    Mutant("no throttling of account deletion", USERS, r" or self\.request\.method == \"DELETE\"", ""),
    Mutant("activation endpoint", AUTH_URLS, r"\{\"post\": \"reset_password\"\}", '{"post": "activation"}'),
    Mutant("PUT of users", AUTH_URLS, r"\"patch\": \"me\"", '"patch": "me", "put": "me"'),
    # JSON web tokens
    Mutant("sign with SECRET_KEY", SETTINGS, r"\"SIGNING_KEY\": JWT_SIGNING_KEY", '"SIGNING_KEY": SECRET_KEY'),
    Mutant("short signing key", SETTINGS, r"validate\.Length\(min=64", "validate.Length(min=1"),
    Mutant("signing key equal to SECRET_KEY", SETTINGS, r"^        validate\.NoneOf\(.*\n", ""),
    Mutant("tokens without issuer", SETTINGS, r"^    \"ISSUER\".*\n", ""),
    Mutant("tokens without audience", SETTINGS, r"^    \"AUDIENCE\".*\n", ""),
    Mutant("access tokens for an hour", SETTINGS, r"timedelta\(minutes=5\)", "timedelta(minutes=60)"),
    Mutant("refresh tokens for a month", SETTINGS, r"timedelta\(days=7\)", "timedelta(days=30)"),
    Mutant("login of any lifetime", SETTINGS, r"(LOGIN_LIFETIME = timedelta\(days=)30", r"\g<1>36_500"),
    Mutant("refresh extends the login", TOKENS, r", login_at=token\[\"login_at\"\]", ""),
    Mutant("access token outlives the login", JWT, r"min\(token\[\"exp\"\], self\[\"exp\"\]\)", 'token["exp"]'),
    Mutant("JSON web login keeps reset links", LOGIN, r"^        user_logged_in\.send\(.*\n", ""),
    Mutant("500 on odd claims", JWT, r"raise TokenError\(\"Token is invalid\"\)", "pass"),
    Mutant("refresh without time of login", JWT, r"raise TokenError\(\"The login .*\"\)", "pass"),
    Mutant("500 on login of a deleted user", JWT, r"except IntegrityError", "except KeyError"),
    Mutant("change revokes no JSON web token", AUTHENTICATORS, r"if validated_token\.get\(\"hash_password\"\) != .*:$", "if False:"),
    Mutant("refresh twice", TOKENS, r"if not is_first_use", "if False"),
    Mutant("no detection of reuse", TOKENS, r"^            revoke_if_stolen\(.*\n", ""),
    Mutant("reuse revokes at once", SETTINGS, r"timedelta\(seconds=10\)", "timedelta(0)"),
    Mutant("late reuse revokes new logins", LOGOUT, r"^ +OutstandingToken\.objects\.filter\(user=user, token=EXCHANGED\).*\n", ""),
    Mutant("refresh for any user", TOKENS, r"user = JWTAuthentication\(\)\.get_user\(token\)$", 'user = JWTAuthentication().user_model.objects.get(pk=token["user_id"])'),
    Mutant("500 on refresh of unknown token", TOKENS, r"except OutstandingToken\.DoesNotExist", "except KeyError"),
    Mutant("verify for any user", TOKENS, r"^        JWTAuthentication\(\)\.get_user\(token\)$", "        pass"),
    Mutant("verify revoked tokens", TOKENS, r"= RefreshToken\((?=attrs\[\"token\"\]\))", '= type("Unrevoked", (RefreshToken,), {"check_blacklist": lambda self: None})('),
    Mutant("verify tokens of any type", TOKENS, r"= RefreshToken\(attrs\[\"token\"\]\)", '= UntypedToken(attrs["token"])'),
    Mutant("verify unknown tokens", TOKENS, r"^            get_outstanding\(token\)\n", ""),
    Mutant("logout-all revokes nothing", LOGOUT, r"^        revoke_refresh_tokens\(.*\)\n", ""),
    Mutant("blacklist nothing", LOGOUT, r"^        token\.blacklist\(\)\n", ""),
    Mutant("logout-all of every user", LOGOUT, r"user=user, ", ""),
    Mutant("logout-all misses new tokens", LOGOUT, r"while tokens :=", "if tokens :="),
    Mutant("tokens in the admin", AUTH_ADMIN, r"(    fields = \(\"user\", \"jti\",)", r'\1 "token",'),
    # API keys
    Mutant("expired keys", AUTH_MODELS, r" and not api_key\.has_expired", ""),
    Mutant("revoked keys", AUTH_MODELS, r" and not api_key\.revoked", ""),
    Mutant("keys of inactive users", AUTH_MODELS, r"api_key\.user\.is_active and ", ""),
    Mutant("keys with any secret", AUTH_MODELS, r" and api_key\.is_valid\(key\)", ""),
    Mutant("query for the user of a key", AUTH_MODELS, r"self\.select_related\(\"user\"\)\.get", "self.get"),
    Mutant("lock of an expired key", AUTH_MODELS, r"\.filter\(expiry_date__gt=timezone\.now\(\)\)", ""),
    Mutant("no check of scopes", AUTHENTICATORS, r"if scope not in key\.scopes", "if False"),
    Mutant("write with read scope", AUTHENTICATORS, r"Scope\.READ if request\.method in SAFE_METHODS else Scope\.WRITE", "Scope.READ"),
    Mutant("manage keys without manage scope", KEYS, r"^    required_scope = .*\n", ""),
    Mutant("missing scope as 401", AUTHENTICATORS, r"raise PermissionDenied", "raise AuthenticationFailed"),
    Mutant("keys of other users", KEYS, r"APIKey\.objects\.filter\(user=.*\)$", "APIKey.objects.all()"),
    Mutant("keys with hash", KEYS, r"\[\"prefix\", \"name\"", '["prefix", "hashed_key", "name"'),
    Mutant("keys with database id", KEYS, r"\[\"prefix\", \"name\"", '["prefix", "id", "name"'),
    Mutant("new key with more scopes", KEYS, r"if missing:", "if False:"),
    Mutant("new key by a revoked key", KEYS, r"^        cast\(APIKey, self\.request\.auth\)\.lock\(\)\n", ""),
    Mutant("new key with any number of scopes", KEYS, r"len\(data\) > len\(Scope\)", "False"),
    Mutant("new key that has expired", KEYS, r"if value and value <= timezone\.now\(\)", "if False"),
    Mutant("new key without expiry date", KEYS, r"^ +if validated_data\.get\(\"expiry_date\"\) is None:\n.*\n", ""),
    Mutant("keys with duplicate scopes", AUTH_MODELS, r"len\(scopes\) > len\(set\(scopes\)\)", "False"),
    Mutant("rotate key with more scopes", KEYS, r"if not set\(key\.scopes\) <= .*:", "if False:"),
    Mutant("rotate expired key", KEYS, r"if key\.has_expired or not key\.revoke\(\)", "if not key.revoke()"),
    Mutant("rotate by a revoked key", KEYS, r"cast\(APIKey, request\.auth\)\.lock\(\)", "cast(APIKey, request.auth)"),
    Mutant("rotate by a key that lost a scope", AUTH_MODELS, r" or not set\(self\.scopes\) <= set\(key\.scopes\)", ""),
    Mutant("rotate without revocation", KEYS, r" or not key\.revoke\(\)", ""),
    Mutant("rotate to the default lifetime", AUTH_MODELS, r", expiry_date=expiry_date$", ""),
    Mutant("500 on rotation of a distant date", AUTH_MODELS, r"except OverflowError", "except KeyError"),
    Mutant("revoke nothing", KEYS, r"^        instance\.revoke\(\)$", "        pass"),
    Mutant("undo revocation in the database", AUTH_MODELS, r"update\(revoked=True, hashed_key=\"\"\)", "update(revoked=True)"),
    Mutant("undo revocation by save()", AUTH_MODELS, r"^ +kwargs\.setdefault\(\"update_fields\".*\n", ""),
    Mutant("save() ignores additional fields", AUTH_MODELS, r"names - constant", '["user", "name", "scopes", "expiry_date"]'),
    Mutant("save() does not revoke", AUTH_MODELS, r"if self\.revoked:", "if False:"),
    Mutant("keys of the package in the admin", AUTH_ADMIN, r"^admin\.site\.unregister\(PackageAPIKey\)$", ""),
    Mutant("another user for a key", AUTH_ADMIN, r"\(\*fields, \"user\"\) if obj else fields", "fields"),
    Mutant("key of a superuser by staff", AUTH_ADMIN, r"user\.is_superuser or ", ""),
    Mutant("key with more permissions by staff", AUTH_ADMIN, r"user\.get_all_permissions\(\) - staff\.get_all_permissions\(\)", "False"),
    Mutant("key of an inactive user by staff", AUTH_ADMIN, r"if not user\.is_active", "if False"),
    Mutant("first key with every scope", CREATE_API_KEY, r"or \[Scope\.READ\]", "or Scope.values"),
    Mutant("first key that has expired", CREATE_API_KEY, r"options\[\"days\"\] < 1", "False"),
    Mutant("first key without validation", CREATE_API_KEY, r"^            key\.full_clean\(\)$", "            pass"),
    # allauth
    Mutant("allauth: pages", SETTINGS, r"^HEADLESS_ONLY = True", "HEADLESS_ONLY = False"),
    Mutant("allauth: optional verification", SETTINGS, r"\"mandatory\"", '"optional"'),
    Mutant("allauth: verification by link", SETTINGS, r"(VERIFICATION_BY_CODE_ENABLED = )True", r"\1False"),
    Mutant("allauth: code valid for an hour", SETTINGS, r"timedelta\(minutes=10\)", "timedelta(minutes=60)"),
    Mutant("allauth: code sent once", SETTINGS, r"(VERIFICATION_SUPPORTS_RESEND = )True", r"\1False"),
    Mutant("allauth: tell known addresses", SETTINGS, r"(PREVENT_ENUMERATION = )True", r"\1False"),
    Mutant("allauth: several addresses", SETTINGS, r"(ACCOUNT_CHANGE_EMAIL = )True", r"\1False"),
    Mutant("allauth: no reauthentication", SETTINGS, r"(REAUTHENTICATION_REQUIRED = )True", r"\1False"),
    Mutant("allauth: no notifications", SETTINGS, r"(EMAIL_NOTIFICATIONS = )True", r"\1False"),
    Mutant("allauth: login by username only", SETTINGS, r"\{\"username\", \"email\"\}", '{"username"}'),
    Mutant("allauth: sign-up without address", SETTINGS, r"\"email\*\"", '"email"'),
    Mutant("allauth: no rule of sign-ups", SETTINGS, r"^ACCOUNT_SIGNUP_FORM_CLASS.*\n", ""),
    Mutant("allauth: subject without project", SETTINGS, r"^ACCOUNT_EMAIL_SUBJECT_PREFIX.*\n", ""),
    Mutant("allauth: logins without limit", SETTINGS, r"\"login\": LOGIN_RATE_LIMIT", '"login": None'),
    Mutant("allauth: sign-ups without limit", SETTINGS, r"\"signup\": LOGIN_RATE_LIMIT", '"signup": None'),
    Mutant("allauth: trust any X-Forwarded-For", SETTINGS, r"^(ALLAUTH_TRUSTED_PROXY_COUNT = ).*", r"\g<1>1"),
    Mutant("allauth: codes without issuer", SETTINGS, r"^MFA_TOTP_ISSUER.*\n", ""),
    Mutant("allauth: codes of other times", SETTINGS, r"^MFA_TOTP_ISSUER", "MFA_TOTP_TOLERANCE = 2\nMFA_TOTP_ISSUER"),
    Mutant("allauth: no PKCE", SETTINGS, r"\"OAUTH_PKCE_ENABLED\": True", '"OAUTH_PKCE_ENABLED": False'),
    Mutant("allauth: takeover by address", SETTINGS, r"^MFA_TOTP_ISSUER", "SOCIALACCOUNT_EMAIL_AUTHENTICATION = True\nMFA_TOTP_ISSUER"),
    Mutant("allauth: provider by default", SETTINGS, r"^if OIDC_PROVIDER_URL:", "if True:"),
    Mutant("allauth: provider without client", SETTINGS, r"\.\.\. if OIDC_PROVIDER_URL else", '"" if OIDC_PROVIDER_URL else'),
    Mutant("allauth: client without provider", SETTINGS, r"(max=None if OIDC_PROVIDER_URL else )0", r"\1None"),
    Mutant("allauth: links to the wrong page", SETTINGS, r"\"/password-reset/\{key\}\"", '"/{key}"'),
    Mutant("allauth: errors to the wrong page", SETTINGS, r"^ +\"socialaccount_login_error\".*\n", ""),
    Mutant("allauth: session before token", SETTINGS, r"^( +\"authentication\.authenticators\.SessionToken.*\n)(.*\n)", r"\2\1"),
    Mutant("allauth: only apps", SETTINGS, r"^ +\"rest_framework\.authentication\.SessionAuthentication\",\n", ""),
    Mutant("allauth: headers across origins", SETTINGS, r"^CORS_ALLOW_HEADERS \+= .*\n", ""),
    Mutant("allauth: no CSRF token", SETTINGS, r"^HEADLESS_ADAPTER.*\n", ""),
    Mutant("allauth: anonymous tokens", AUTHENTICATORS, r"allow_anonymous_users = False", "allow_anonymous_users = True"),
    Mutant("allauth: missing sessions", AUTHENTICATORS, r"return session if session\.session_key else None", "return session"),
    Mutant("allauth: sessions not loaded", AUTHENTICATORS, r"^ +session\.keys\(\).*\n", ""),
    Mutant("allauth: invalid tokens", AUTHENTICATORS, r"allow_invalid_session_tokens = False", "allow_invalid_session_tokens = True"),
    Mutant("allauth: limits by name and address", ADAPTERS, r"user\.get_username\(\) if user else email", "email"),
    Mutant("allauth: 500 on limited account", ADAPTERS, r"except Throttled", "except KeyError"),
    Mutant("allauth: login outlives the password", ADAPTERS, r"if request\.session\.pop\(\"password_at_login\", \"\"\) != .*:$", "if False:"),
    Mutant("allauth: username in another form", ADAPTERS, r"username != User\.normalize_username\(username\)", "False"),
    Mutant("allauth: 500 on concurrent sign-up", ADAPTERS, r"except IntegrityError as error(?=:\n.*concurrent)", "except KeyError as error"),
    Mutant("allauth: 500 on address of another", ADAPTERS, r"except IntegrityError as error(?=:\n.*belongs)", "except KeyError as error"),
    Mutant("allauth: concurrent password changes", ADAPTERS, r"if not users\.filter\(.*\):$", "if False:"),
    Mutant("allauth: password of inactive user", ADAPTERS, r", is_active=True\)", ")"),
    Mutant("allauth: password change saves all", ADAPTERS, r"update_fields=\[\"password\"\]", ""),
    Mutant("allauth: email without project", ADAPTERS, r"settings\.PROJECT_NAME, \"domain\"", '"", "domain"'),
    Mutant("allauth: CSRF token for apps", ADAPTERS, r"^        if request\.allauth.*:$", "        if True:"),
    Mutant("allauth: email in the foreground", MAIL, r"executor\.submit\(copy_context\(\)\.run, deliver, message\)", "deliver(message)"),
    Mutant("allauth: spaces around passwords", AUTH_APPS, r"\.strip = False", ".strip = True"),
    Mutant("allauth: password like the username", REGISTRATION, r"validate_password\(password, user\)", "validate_password(password)"),
    Mutant("allauth: addresses in any case", SIGNALS, r"^@receiver\(pre_save.*\n", ""),
    Mutant("allauth: reset by former address", SIGNALS, r"^@receiver\(post_save.*\n", ""),
    Mutant("allauth: outdated user deletes address", SIGNALS, r" and \(update_fields is None.*\)", ""),
    Mutant("allauth: secret of a second factor", AUTH_ADMIN, r"^    exclude = .*\n", ""),
    Mutant("allauth: secrets of providers", AUTH_ADMIN, r"^admin\.site\.unregister\(\[.*\n", ""),
    Mutant("allauth: change of a second factor", AUTH_ADMIN, r"(def has_change_permission.*\n        return )False", r"\1True"),
    Mutant("allauth: second factor by staff", AUTH_ADMIN, r"(def has_add_permission.*\n        return )False", r"\1True"),
    Mutant("allauth: document from another site", AUTH_URLS, r"SpectacularSwaggerSplitView\.as_view\(", 'SpectacularSwaggerSplitView.as_view(template_name="headless/spec/redoc_cdn.html", '),
    Mutant("allauth: no callback", AUTH_URLS, r"^.*\"openid_connect_callback\".*\n", ""),
    Mutant("audit: no deleted accounts", USERS, r"^ +log_on_commit\(\"account_deleted\".*\n", ""),
    Mutant("audit: no sign-ups", SIGNALS, r"^@receiver\(account\.user_signed_up\)\n", ""),
    Mutant("audit: no confirmed addresses", SIGNALS, r"^@receiver\(account\.email_confirmed\)\n", ""),
    Mutant("audit: no resets with allauth", SIGNALS, r"^@receiver\(account\.password_reset\)\n", ""),
    Mutant("audit: no requests for resets", ADAPTERS, r"if template_prefix in RESET_EMAILS", "if False"),
    Mutant("audit: no new second factors", SIGNALS, r"mfa\.authenticator_added, ", ""),
    Mutant("audit: no removed second factors", SIGNALS, r"^@receiver\(mfa\.authenticator_removed\)\n", ""),
    Mutant("audit: no failed second factors", SIGNALS, r"^@receiver\(mfa\.authentication_failed\)\n", ""),
    Mutant("audit: no connected providers", SIGNALS, r"^@receiver\(social\.social_account_added\)\n", ""),
    Mutant("audit: no disconnected providers", SIGNALS, r"^@receiver\(social\.social_account_removed\)\n", ""),
]
# fmt: on


def concerns(mutant: Mutant, auth: str, view_style: str, project: Path) -> bool:
    """
    Return whether the mutant changes the project and should run on it.

    By default, a mutant runs with every strategy, in one view style.
    """
    every_style = mutant.path.startswith(IN_EVERY_STYLE)
    if auth != AUTHS[0] and (every_style or mutant.path in IN_ONE_PROJECT):
        return False
    if view_style != VIEW_STYLES[0] and not every_style:
        return False
    file = project / mutant.path
    if not file.exists():
        return False
    source = file.read_text("utf-8")
    return mutant.apply(source) != source


def cases(
    mutants: list[Mutant], projects: dict[Answers, Path]
) -> Iterator[tuple[Mutant, Answers, Path]]:
    """Yield each mutant with each project that it concerns."""
    for mutant in mutants:
        concerned = [
            (answers, project)
            for answers, project in projects.items()
            if concerns(mutant, *answers, project)
        ]
        if not concerned:
            sys.exit(f"Mutant {mutant.name!r} does not match {mutant.path}. Update its pattern.")
        for answers, project in concerned:
            yield mutant, answers, project


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n\n", maxsplit=1)[0])
    parser.add_argument("word", nargs="?", default="", help="run mutants with matching names")
    parser.add_argument("--sample", type=int, metavar="SIZE", help="run SIZE random mutants")
    parser.add_argument("--seed", type=int, default=0, help="choose another sample")
    arguments = parser.parse_args()
    mutants = [mutant for mutant in MUTANTS if arguments.word in mutant.name]
    workers = os.cpu_count() or 1
    survivors = 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        projects = {answers: render(folder, *answers) for answers in COMBINATIONS}
        environment = install((p / "pyproject.toml").read_text("utf-8") for p in projects.values())
        idle = stack.enter_context(runners(environment, folder, workers))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        runs = list(cases(mutants, projects))
        if arguments.sample:
            random.Random(arguments.seed).shuffle(runs)  # noqa: S311 -- reproducible
            one_project_each = {run[0].name: run for run in runs}
            runs = list(one_project_each.values())[: arguments.sample]
        # A test that fails without a mutant would seem to kill every mutant. This also leaves
        # compiled modules in the projects, which speed up the tests of the copies.
        unchanged = sorted({project for _, _, project in runs})
        failures = pool.map(lambda project: failing_test(project, idle), unchanged)
        for project, test in zip(unchanged, failures, strict=True):
            if test:
                sys.exit(f"A test of {project.name} fails without a mutant: {test}")
        killers = pool.map(lambda case: case[0].killer(case[2], idle), runs)
        for (mutant, answers, _), test in zip(runs, killers, strict=True):
            # Without a failing test, pytest itself failed.
            survivors += not (test and test.startswith("tests/"))
            print(f"{mutant.name:36} {' '.join(answers):20} {test or 'SURVIVED'}", flush=True)
    print(f"{len({run[0].name for run in runs})} mutants, {len(runs)} runs, {survivors} survived")
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())
