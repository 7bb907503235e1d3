"""Environment variables: settings, README, `.env.example`, compose.yaml and tests agree."""

import ast
import re

from tests.support.production import compose, documented, production, required
from tests.support.rendering import VIEW_STYLES, Project, Projects, every_auth

# How the README spells the defaults that are not literals
SPELLINGS = {
    "[]": "empty",
    "''": "empty",
    "'locmem://' if WEB_CONCURRENCY == 1 else ...": "per-process memory",
    "client_default": "empty",
    "logging.INFO": "`INFO`",
    "not DEBUG": "`true` unless `DEBUG` is on",
}


def read_by_settings(project: Project) -> dict[str, str]:
    """Return the variables that config/settings.py reads, with defaults as in the README."""
    variables = {}
    for node in ast.walk(ast.parse(project.text("config/settings.py"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "env"
            and node.args
        ):
            name, default = map(ast.unparse, node.args)
            if default.startswith("in_development("):
                variables[ast.literal_eval(name)] = "required"
            else:
                spelling = SPELLINGS.get(default) or f"`{default.strip(chr(39)).lower()}`"
                variables[ast.literal_eval(name)] = spelling
    return variables


def settings_variables(auth: str, projects: Projects) -> tuple[Project, dict[str, str]]:
    project = projects[auth, VIEW_STYLES[0]]
    return project, read_by_settings(project)


@every_auth
def test_readme_documents_the_variables_of_the_settings(auth: str, projects: Projects) -> None:
    project, variables = settings_variables(auth, projects)
    assert documented(project) == variables


@every_auth
def test_example_contains_every_required_variable(auth: str, projects: Projects) -> None:
    project, variables = settings_variables(auth, projects)
    assert required(project) <= production(project).keys() <= variables.keys()


@every_auth
def test_compose_file_contains_every_required_variable(auth: str, projects: Projects) -> None:
    project, variables = settings_variables(auth, projects)
    names = compose(project)["services"]["web"]["environment"].keys()
    assert required(project) <= names <= variables.keys()


@every_auth
def test_test_env_sets_all_variables_except_server_urls(auth: str, projects: Projects) -> None:
    project, variables = settings_variables(auth, projects)
    names = re.findall(r"^([A-Z_]+)=", project.text("tests/test.env"), re.MULTILINE)
    assert set(names) == variables.keys() - {"DATABASE_URL", "CACHE_URL"}
    assert len(names) == len(set(names))
