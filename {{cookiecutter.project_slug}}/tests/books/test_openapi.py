import re

import pytest

from books.models import Author

# The schemas of the bodies, and the status codes apart from those that the strategy determines or
# that most operations have
OPERATIONS = {
    "authors_list": (None, "PaginatedAuthorList", {"404"}),
    "authors_create": ("AuthorRequest", "Author", {"201"}),
    "authors_retrieve": (None, "Author", {"404"}),
    "authors_update": ("AuthorRequest", "Author", {"404"}),
    "authors_partial_update": ("PatchedAuthorRequest", "Author", {"404"}),
    "authors_destroy": (None, None, {"404", "409"}),
    "books_list": (None, "PaginatedBookList", {"400", "404"}),
    "books_create": ("BookRequest", "Book", {"201", "409"}),
    "books_retrieve": (None, "Book", {"404"}),
    "books_update": ("BookRequest", "Book", {"404", "409"}),
    "books_partial_update": ("PatchedBookRequest", "Book", {"404", "409"}),
    "books_destroy": (None, None, {"404"}),
    "books_publish": (None, "Book", {"404"}),
    "books_categories_list": (None, "BookCategory", set()),
}
PUBLIC = {"authors_list", "authors_retrieve", "books_list", "books_retrieve"}
PUBLIC |= {"books_categories_list"}
# Any user can create books; the other changes depend on the user.
FORBIDDEN = OPERATIONS.keys() - PUBLIC - {"books_create"}


@pytest.fixture
def fields(document):
    """Return a function that returns the documented fields of a schema."""
    return lambda name: document["components"]["schemas"][name]["properties"]


@pytest.fixture
def parameters(operations):
    """Return the query parameters of the list of books."""
    return {each["name"]: each for each in operations["books_list"]["parameters"]}


def test_openapi_describes_bodies_and_statuses(operations, body_names, statuses):
    documented = {
        name: (*body_names(operation), statuses(operation))
        for name, operation in operations.items()
        if name.startswith(("authors_", "books_"))
    }
    assert documented == OPERATIONS


def test_endpoints_have_expected_urls(document):
    assert {path for path in document["paths"] if re.match("/api/v1/(authors|books)/", path)} == {
        "/api/v1/authors/",
        "/api/v1/authors/{id}/",
        "/api/v1/books/",
        "/api/v1/books/{id}/",
        "/api/v1/books/{id}/publish/",
        "/api/v1/books/categories/",
    }


def test_openapi_describes_permissions(document, operations):
    public = {name for name in OPERATIONS if {} in operations[name]["security"]}
    assert public == PUBLIC
    schemes = document["components"]["securitySchemes"].keys()
    # Invalid credentials are an error, apart from an invalid session.
    can_fail = schemes != {"csrfToken", "sessionCookie"}
    for name in PUBLIC:  # but owners must authenticate to see their drafts
        assert len(operations[name]["security"]) > 1
        assert ("401" in operations[name]["responses"]) == can_fail
    for name in OPERATIONS.keys() - PUBLIC:
        assert "401" in operations[name]["responses"]
    for name in FORBIDDEN:
        assert "403" in operations[name]["responses"]


def test_openapi_describes_parameters(operations, parameters):
    assert {name: each["schema"] for name, each in parameters.items()} == {
        "author": {"type": "integer"},
        "category": {"$ref": "#/components/schemas/CategoryEnum"},
        "ordering": {
            "type": "array",
            "items": {
                "type": "string",
                "enum": [
                    "title",
                    "-title",
                    "year_published",
                    "-year_published",
                    "created_at",
                    "-created_at",
                ],
            },
        },
        "page": {"type": "integer", "minimum": 1, "default": 1},
        "page_size": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
        "search": {"type": "string", "maxLength": 200},
        # The upper limit is that of PostgreSQL, also with SQLite.
        "year_published": {"type": "integer", "minimum": 1, "maximum": 32_767},
    }
    errors = operations["books_list"]["responses"]["400"]["content"]["application/json"]["schema"]
    messages = {"type": "array", "items": {"type": "string"}}
    assert errors == {
        "type": "object",
        "properties": dict.fromkeys(("author", "category", "search", "year_published"), messages),
    }
    assert (parameters["ordering"]["style"], parameters["ordering"]["explode"]) == ("form", False)
    assert "parameters" not in operations["books_categories_list"]
    for name, text in (("ordering", "commas"), ("page", "100,000"), ("page_size", "100")):
        assert text in parameters[name]["description"]
    assert parameters["search"]["description"] == "At most 10 search terms."


def test_openapi_has_summary_of_each_operation(operations):
    summaries = {
        name.removeprefix("books_"): operation["summary"]
        for name, operation in operations.items()
        if name.startswith("books_")
    }
    assert summaries == {
        "list": "List books",
        "create": "Create book",
        "retrieve": "Get book",
        "update": "Replace book",
        "partial_update": "Update book",
        "destroy": "Delete book",
        "publish": "Publish a book",
        "categories_list": "List the categories of books",
    }


def test_openapi_describes_tag_like_list(document, operations):
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert tags["books"] == operations["books_list"]["description"]


def test_openapi_describes_pages(document):
    link = {"type": "string", "format": "uri", "nullable": True}
    assert document["components"]["schemas"]["PaginatedBookList"] == {
        "type": "object",
        "required": ["count", "next", "previous", "results"],
        "properties": {
            "count": {"type": "integer", "minimum": 0},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Book"}},
        },
    }


def test_openapi_describes_what_fields_accept(fields, parameters):
    book = fields("BookRequest")
    assert book["title"] == {"type": "string", "minLength": 1, "maxLength": 200}
    assert book["description"] == {"type": "string", "maxLength": 10_000}
    year = parameters["year_published"]
    assert book["year_published"] == year["schema"] | {"description": year["description"]}
    assert year["description"] == "From 1 to the current year."
    assert fields("AuthorRequest")["name"] == {"type": "string", "minLength": 1, "maxLength": 200}


def test_openapi_describes_which_fields_are_required(document):
    schemas = document["components"]["schemas"]
    assert schemas["BookRequest"]["required"] == ["author", "title", "year_published"]
    assert "required" not in schemas["PatchedBookRequest"]


def test_openapi_describes_category_once(document, fields):
    category = {"$ref": "#/components/schemas/CategoryEnum"}
    assert document["components"]["schemas"]["CategoryEnum"]["enum"] == [
        "fiction",
        "nonfiction",
        "poetry",
        "reference",
    ]
    assert fields("Book")["category"] == fields("BookRequest")["category"] == category
    assert fields("BookCategory")["value"] == category


def test_openapi_describes_errors_of_each_field(document, fields):
    assert fields("BookErrors").keys() - fields("BookRequest").keys() == {
        "detail",
        "non_field_errors",
    }
    assert fields("BookErrors").keys() >= fields("BookRequest").keys()


def test_examples_of_authors_and_books_can_be_sent(send_examples):
    assert send_examples("authors_") == set()
    Author.objects.get_or_create(pk=1)
    assert send_examples("books_") == set()
