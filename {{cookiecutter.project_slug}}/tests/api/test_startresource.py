import ast
import importlib.util
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.generators import SchemaGenerator

# The names start with "demo", so that they differ from those of the project's own apps.
APP = "demo_orders"

# Routes for the tests of names that are already in use
urlpatterns = [
    path("api/v1/demo-taken/", HttpResponse),
    path("other/", HttpResponse, name="demo-order-list"),
]


@pytest.fixture
def project(settings, tmp_path):
    """Run the command in a copy of the files that it reads."""
    (tmp_path / "config").mkdir()
    (tmp_path / "tests").mkdir()
    for file in ("conftest.py", "config/settings.py", "config/urls.py"):
        shutil.copy(settings.BASE_DIR / file, tmp_path / file)
    settings.BASE_DIR = tmp_path
    return tmp_path


@pytest.fixture
def without_ruff(monkeypatch):
    """Do not format the code, which takes most of the command's time."""
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        "api.management.commands.startresource.find_spec",
        lambda name: None if name == "ruff" else find_spec(name),
    )
    monkeypatch.delattr("subprocess.run")


@pytest.fixture
def read(project):
    """Return a function that returns the contents of the files of the project."""

    def read():
        return {
            file.relative_to(project).as_posix(): file.read_text("utf-8")
            for file in project.rglob("*")
            if file.is_file() and file.suffix == ".py"
        }

    return read


@pytest.fixture
def assert_rejected(project, read):
    """Return a function that checks that a name is rejected and that nothing is written."""

    def assert_rejected(app, reason, **options):
        files, folders = read(), set(project.rglob("*"))
        with pytest.raises(CommandError, match=reason):
            call_command("startresource", app, **options)
        assert (read(), set(project.rglob("*"))) == (files, folders)

    return assert_rejected


@pytest.mark.usefixtures("without_ruff")
def test_startresource_creates_app_and_tests(project, read):
    (project / "tests").rmdir()
    before = read().keys()
    call_command("startresource", APP)
    assert read().keys() - before == {
        f"{APP}/__init__.py",
        f"{APP}/admin.py",
        f"{APP}/models.py",
        f"{APP}/serializers.py",
        f"{APP}/urls.py",
        f"{APP}/views.py",
        f"tests/{APP}/test_{APP}.py",
    }
    assert read()[f"{APP}/__init__.py"] == ""


def test_startresource_creates_valid_python(project):
    call_command("startresource", APP)
    for folder in (APP, f"tests/{APP}"):
        for file in (project / folder).iterdir():
            text = file.read_text("utf-8")
            ast.parse(text)
            assert "$" not in text


def test_startresource_formats_code_and_sorts_imports(project, capfd):
    for folder in ("accounts", "api"):  # ruff looks for the folders of the modules
        (project / folder).mkdir()
    app, model = f"a_demo_{'o' * 32}s", f"Demo{'o' * 36}"  # the longest names
    call_command("startresource", app, model=model)
    for file in [*(project / app).iterdir(), *(project / "tests" / app).iterdir()]:
        assert all(len(line) <= 100 for line in file.read_text("utf-8").splitlines())
    serializers = (project / app / "serializers.py").read_text("utf-8")
    imports = [f"{app}.models import {model}", "accounts.models import User", "api.serializers "]
    assert "".join(f"\nfrom {each}" for each in imports) in serializers
    assert capfd.readouterr().out.startswith("Created")


def test_startresource_registers_app_if_ruff_fails(project):
    (project / "ruff.toml").write_text("invalid")
    call_command("startresource", APP)
    assert APP in (project / "config/settings.py").read_text("utf-8")


def test_startresource_prints_next_commands(project, capsys):
    call_command("startresource", APP)
    output = capsys.readouterr().out
    assert f"Created {APP}/ and tests/{APP}/." in output
    commands = f"makemigrations {APP} && uv run manage.py migrate && uv run pytest tests/{APP}"
    assert commands in output


@pytest.mark.usefixtures("without_ruff")
@pytest.mark.parametrize(
    ("app", "model"),
    [
        ("demo_categories", "DemoCategory"),
        ("demo_people", "DemoPerson"),
        ("demo_inventory", "DemoInventory"),
    ],
)
def test_model_has_the_singular_name_of_the_app(project, app, model):
    call_command("startresource", app)
    assert f"class {model}(models.Model):" in (project / app / "models.py").read_text("utf-8")


@pytest.mark.usefixtures("without_ruff")
def test_model_name_can_be_set(project):
    call_command("startresource", APP, model="DemoPurchase")
    models = (project / APP / "models.py").read_text("utf-8")
    assert "class DemoPurchase(models.Model):" in models
    tests = (project / "tests" / APP / f"test_{APP}.py").read_text("utf-8")
    assert 'reverse_lazy("demo-purchase-list")' in tests
    # The URL has the name of the app.
    assert '"demo-orders' in (project / APP / "urls.py").read_text("utf-8")


@pytest.mark.usefixtures("without_ruff")
def test_startresource_registers_app(read, capsys):
    before = read()
    call_command("startresource", APP)
    output = capsys.readouterr().out
    for file, line in (
        ("config/settings.py", f'    "{APP}",\n]'),
        ("config/urls.py", f'    path("api/v1/", include("{APP}.urls")),\n]'),
    ):
        assert read()[file].count(line) == 1
        assert read()[file].replace(line, "]") == before[file]
        assert f"Changed {file}." in output


@pytest.mark.usefixtures("without_ruff")
@pytest.mark.parametrize(
    ("file", "name"), [("config/settings.py", "INSTALLED_APPS"), ("config/urls.py", "urlpatterns")]
)
def test_startresource_prints_lines_if_it_cannot_register_app(project, read, capsys, file, name):
    text = (project / file).read_text("utf-8").replace(f"\n{name} = [", f"\n{name} = [] + [")
    (project / file).write_text(text, "utf-8")
    before = read()
    call_command("startresource", APP)
    assert read() | before == read()
    output = capsys.readouterr().out
    assert (
        "Add these lines:\n"
        f'  to INSTALLED_APPS in config/settings.py:\n    "{APP}",\n'
        f'  to urlpatterns in config/urls.py:\n    path("api/v1/", include("{APP}.urls")),\n'
        "Next: "
    ) in output


@pytest.mark.parametrize(
    "app", ["", "Orders", "demo-orders", "demo__orders", "demo_", "_demo", "1demo", "o" * 41]
)
def test_app_with_invalid_name_is_rejected(assert_rejected, app):
    assert_rejected(app, "not a valid app name")


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("class", "a Python keyword"),
        ("accounts", "An app named 'accounts' already exists"),
        ("admin", "An app named 'admin' already exists"),
        ("sessions", "An app named 'sessions' already exists"),
        ("tests", "tests already exists"),
        ("json", "A Python module named 'json' already exists"),
        ("groups", "The User model already has an attribute 'groups'"),
        ("me", "The URL /api/v1/me/ already exists"),
    ],
)
def test_app_with_name_in_use_is_rejected(assert_rejected, app, reason):
    assert_rejected(app, f"{reason}. Choose another name.$")


@pytest.mark.parametrize("name", [APP, f"{APP}.py"])
def test_app_with_existing_tests_is_rejected(assert_rejected, project, name):
    (project / "tests" / name).mkdir()
    assert_rejected(APP, f"tests/{name} already exists. Choose another name.$")


@pytest.mark.urls(__name__)
def test_app_with_existing_url_is_rejected(assert_rejected):
    assert_rejected("demo_taken", "The URL /api/v1/demo-taken/ already exists")


@pytest.mark.urls(__name__)
def test_model_with_existing_route_is_rejected(assert_rejected):
    assert_rejected(APP, "A route named 'demo-order-list' already exists.*with --model.$")


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("classes", "'Class' conflicts with a Python keyword or built-in"),
        ("exceptions", "'Exception' conflicts with a Python keyword or built-in"),
        ("users", "A model named 'User' already exists"),
        ("responses", "The generated code uses the name 'Response'"),
        ("passwords", "conftest.py already has a fixture named 'password'"),
    ],
)
def test_app_with_unusable_singular_name_is_rejected(assert_rejected, app, reason):
    assert_rejected(app, f"{reason}.*Choose another name with --model.$")


@pytest.mark.parametrize("model", ["demo", "demoOrder", "Demo-Order", "Demo_Order", "O" * 41])
def test_model_with_invalid_name_is_rejected(assert_rejected, model):
    assert_rejected(APP, "not a valid model name", model=model)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("Exception", "'Exception' conflicts with a Python keyword or built-in"),
        ("User", "A model named 'User' already exists"),
        ("Base", "A serializer named 'BaseSerializer' already exists"),
        ("Model", "A serializer named 'ModelSerializer' already exists"),
        ("Password", "conftest.py already has a fixture named 'password'"),
    ],
)
def test_model_with_name_in_use_is_rejected(assert_rejected, model, reason):
    assert_rejected(APP, f"{reason}.*Choose another name with --model.$", model=model)


def test_resource_with_names_of_openapi_document_is_rejected(assert_rejected, monkeypatch):
    assert_rejected("errors", "the name 'Error' for something else.*with --model.$")
    operations, schemas = {}, {}
    document = {"paths": {"/": operations}, "components": {"schemas": schemas}}
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *args, **options: document)
    for name in ("DemoRequest", "PatchedDemoRequest", "PaginatedDemoList", "DemoErrors"):
        schemas[name] = {}
        assert_rejected(APP, f"the name '{name}'", model="Demo")
        schemas.clear()
    for action in ("list", "create", "retrieve", "update", "partial_update", "destroy"):
        operations["get"] = {"operationId": f"{APP}_{action}"}
        assert_rejected(APP, f"'{APP}_{action}' already exists. Choose another name.$")


def test_model_with_name_of_generated_code_is_rejected(assert_rejected):
    variables = {"Cache", "Db", "OtherClient", "Pk", "Pytest", "Request", "Reverse", "Self"}
    for model in variables | {"IsOwnerOrReadOnly", "Response"}:
        assert_rejected(APP, f"uses the name '{model}'.*with --model.$", model=model)
