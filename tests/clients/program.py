"""Use the API with a client that openapi-python-client generated."""

import sys

from api_client.api.authors import authors_list
from api_client.api.books import (
    books_create,
    books_destroy,
    books_list,
    books_partial_update,
    books_retrieve,
)
from api_client.api.me import me_retrieve
from api_client.models import (
    Book,
    BookErrors,
    BookRequest,
    BooksListOrderingItem,
    CategoryEnum,
    Error,
    PaginatedAuthorList,
    PaginatedBookList,
    PatchedBookRequest,
    User,
)
from login import log_in

url, username = sys.argv[1:]
client = log_in(url, username)

me = me_retrieve.sync(client=client)
assert isinstance(me, User)
print(f"{me.username} has logged in.")

authors = authors_list.sync(client=client, page_size=1)
assert isinstance(authors, PaginatedAuthorList)
author = authors.results[0]

book = books_create.sync(
    client=client, body=BookRequest(title="Kindred", year_published=1979, author=author.id)
)
assert isinstance(book, Book)
print(
    f"Created {book.title} ({book.year_published}) by {book.author_name} in {book.category}, "
    f"owned by {book.owner}"
)

found = books_list.sync(
    client=client,
    author=author.id,
    category=CategoryEnum.FICTION,
    search="kind",
)
assert isinstance(found, PaginatedBookList)
titles = [result.title for result in found.results]
print(f"Found {found.count}: {', '.join(titles)}; {found.next_ or 'last page'}")

by_year = books_list.sync(
    client=client,
    ordering=[BooksListOrderingItem("-year_published"), BooksListOrderingItem.TITLE],
)
assert isinstance(by_year, PaginatedBookList)
print("Latest:", by_year.results[0].title)

errors = books_create.sync(client=client, body=BookRequest(title="", year_published=1979, author=0))
assert isinstance(errors, BookErrors)
print("title:", errors.title[0] if errors.title else "no errors")
print("author:", errors.author[0] if errors.author else "no errors")
print("description:", errors.description[0] if errors.description else "no errors")

moved = books_partial_update.sync(
    book.id, client=client, body=PatchedBookRequest(category=CategoryEnum.REFERENCE)
)
assert isinstance(moved, Book)
print(f"Moved {moved.title} to {moved.category}")

deleted = books_destroy.sync_detailed(book.id, client=client)
print(f"Deleted: {deleted.status_code}")
missing = books_retrieve.sync(book.id, client=client)
assert isinstance(missing, Error)
print(missing.detail)
