import pytest
from django.urls import reverse

OPERATIONS = {
    "authors_create",
    "authors_destroy",
    "authors_list",
    "authors_partial_update",
    "authors_retrieve",
    "authors_update",
    "books_categories_list",
    "books_create",
    "books_destroy",
    "books_list",
    "books_partial_update",
    "books_publish_create",
    "books_retrieve",
    "books_update",
}


@pytest.fixture
def operations(schema):
    """Return the operations on books and authors by their ids."""
    urls = (reverse("book-list"), reverse("author-list"))
    return {
        operation["operationId"]: operation
        for path, methods in schema["paths"].items()
        if path.startswith(urls)
        for operation in methods.values()
    }


def test_openapi_names_each_operation(operations):
    assert operations.keys() == OPERATIONS


def test_openapi_describes_parameters(operations):
    assert {parameter["name"] for parameter in operations["books_list"]["parameters"]} == {
        "author",
        "category",
        "ordering",
        "page",
        "page_size",
        "search",
        "year_published",
    }
    assert "parameters" not in operations["books_categories_list"]


def test_openapi_describes_authentication(operations):
    assert {} in operations["books_list"]["security"]
    assert {} not in operations["books_create"]["security"]


def test_openapi_describes_status_codes(operations):
    assert operations["books_destroy"]["responses"].keys() == {"204"}
    assert operations["books_create"]["responses"].keys() == {"201"}
