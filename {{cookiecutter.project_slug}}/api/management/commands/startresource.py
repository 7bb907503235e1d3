import builtins
import keyword
import re
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any

import inflection
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework.serializers import BaseSerializer

TEMPLATES = Path(__file__).resolve().parents[2] / "resource_template"
# The generated code uses these names, so its variable for the model needs another one.
RESERVED = {"cache", "db", "other_client", "pk", "pytest", "request", "response", "reverse", "self"}


class Command(BaseCommand):
    help = "Create an app for a new resource, with its tests, and register it."
    # The command only reads and writes code: it also works if the project has other problems.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="name of the app: a plural such as orders")
        parser.add_argument("--model", help="name of the model (default: the singular of the app)")

    def handle(self, *args: Any, **options: Any) -> None:
        app: str = options["app"]
        model: str = options["model"] or inflection.camelize(inflection.singularize(app))
        if error := app_name_error(app):
            raise CommandError(f"{error} Choose another name.")
        if error := model_name_error(model):
            raise CommandError(f"{error} Choose another name with --model.")
        if error := openapi_error(app, model):
            raise CommandError(error)
        variable = inflection.underscore(model)
        context = {
            "app": app,
            "path": app.replace("_", "-"),
            "Title": inflection.humanize(app),
            "Model": model,
            "model": variable,
            "model_name": model.lower(),
            "route": variable.replace("_", "-"),
        }
        folder, tests = settings.BASE_DIR / app, settings.BASE_DIR / "tests" / app
        files = {folder / "__init__.py": ""}
        for source in TEMPLATES.glob("*.py-tpl"):
            target = folder / f"{source.stem}.py"
            if source.stem == "test":
                target = tests / f"test_{app}.py"
            files[target] = Template(source.read_text("utf-8")).substitute(context)
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        format_files([folder, tests])
        self.stdout.write(f"Created {app}/ and tests/{app}/.")
        self.register(app)
        self.stdout.write(
            f"Next: uv run manage.py makemigrations {app} && uv run manage.py migrate"
            f" && uv run pytest tests/{app}"
        )

    def register(self, app: str) -> None:
        """Add the app to the settings and the URLs, or print the lines to add."""
        lines = {
            "config/settings.py": ("INSTALLED_APPS", f'    "{app}",\n'),
            "config/urls.py": ("urlpatterns", f'    path("api/v1/", include("{app}.urls")),\n'),
        }
        sources = {file: (settings.BASE_DIR / file).read_text("utf-8") for file in lines}
        changed = {file: append_to_list(sources[file], *lines[file]) for file in lines}
        if any(changed[file] == sources[file] for file in lines):
            self.stdout.write("INSTALLED_APPS or urlpatterns was not found. Add these lines:")
            for file, (name, line) in lines.items():
                self.stdout.write(f"  to {name} in {file}:\n{line}", ending="")
            return
        for file, text in changed.items():
            (settings.BASE_DIR / file).write_text(text, "utf-8", newline="\n")
            self.stdout.write(f"Changed {file}.")


def app_name_error(app: str) -> str | None:
    """Return why an app cannot have this name, or None if it can."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", app) or len(app) > 40:
        return (
            f"'{app}' is not a valid app name: use up to 40 lowercase letters and digits, "
            "starting with a letter, and an underscore between words (for example "
            "purchase_orders)."
        )
    if keyword.iskeyword(app):
        return f"'{app}' is a Python keyword."
    if app in {config.label for config in apps.get_app_configs()}:
        return f"An app named '{app}' already exists."
    for path in (app, f"tests/{app}", f"tests/{app}.py"):
        if (settings.BASE_DIR / path).exists():
            return f"{path} already exists."
    if find_spec(app):
        return f"A Python module named '{app}' already exists."
    if hasattr(get_user_model(), app):
        return f"The User model already has an attribute '{app}'."
    url = f"/api/v1/{app.replace('_', '-')}/"
    with suppress(Resolver404):
        resolve(url)
        return f"The URL {url} already exists."
    return None


def model_name_error(model: str) -> str | None:
    """Return why a model cannot have this name, or None if it can."""
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", model) or len(model) > 40:
        return (
            f"'{model}' is not a valid model name: use up to 40 letters and digits, "
            "starting with a capital letter (for example PurchaseOrder)."
        )
    variable = inflection.underscore(model)
    if hasattr(builtins, model) or keyword.iskeyword(variable):
        return f"'{model}' conflicts with a Python keyword or built-in."
    if model in {known.__name__ for known in apps.get_models()}:
        return f"A model named '{model}' already exists."
    if f"def {variable}(" in (settings.BASE_DIR / "conftest.py").read_text("utf-8"):
        return f"conftest.py already has a fixture named '{variable}'."
    # The check of the URL has imported all views and so all serializers.
    if f"{model}Serializer" in serializer_names(BaseSerializer):
        return f"A serializer named '{model}Serializer' already exists."
    if variable in RESERVED or model in imported_names():
        return f"The generated code uses the name '{model}' for something else."
    route = f"{variable.replace('_', '-')}-list"
    with suppress(NoReverseMatch):
        reverse(route)
        return f"A route named '{route}' already exists."
    return None


def openapi_error(app: str, model: str) -> str | None:
    """Return which name the OpenAPI document would contain twice, or None if there is none."""
    with GENERATOR_STATS.silence():
        document = SchemaGenerator().get_schema(public=True)
    operations = [each for path in document["paths"].values() for each in path.values()]
    actions = ("list", "create", "retrieve", "update", "partial_update", "destroy")
    ids = {f"{app}_{action}" for action in actions}
    if taken := ids & {operation["operationId"] for operation in operations}:
        return f"An operation named '{min(taken)}' already exists. Choose another name."
    names = {
        model,
        f"{model}Errors",
        f"{model}Request",
        f"Paginated{model}List",
        f"Patched{model}Request",
    }
    if taken := names & document["components"]["schemas"].keys():
        return (
            f"The OpenAPI document already uses the name '{min(taken)}' for something else. "
            "Choose another name with --model."
        )
    return None


def serializer_names(serializer: type) -> set[str]:
    """Return the names of a serializer class and its subclasses."""
    return {serializer.__name__}.union(*map(serializer_names, serializer.__subclasses__()))


def imported_names() -> set[str]:
    """Return the names that the generated code imports from other packages."""
    code = "\n".join(path.read_text("utf-8") for path in TEMPLATES.iterdir())
    imports = re.findall(r"^from [\w.]+ import (.+)$", code, re.MULTILINE)
    return set(", ".join(imports).split(", "))


def append_to_list(source: str, name: str, line: str) -> str:
    """Return the source with a line at the end of a list, or unchanged if it has no such list."""
    pattern = rf"^{name} = \[\n(    .*\n)*(?=\])"
    return re.sub(pattern, lambda found: found[0] + line, source, flags=re.MULTILINE)


def format_files(paths: list[Path]) -> None:
    """Sort the imports and format the code with ruff, if it is installed."""
    if find_spec("ruff"):
        for command in (["check", "--quiet", "--fix", "--select=I"], ["format", "--quiet"]):
            # If ruff fails, it prints why. The code works without formatting, too.
            subprocess.run([sys.executable, "-m", "ruff", *command, *paths])  # noqa: S603
