from django.urls import path

from books import views

urlpatterns = [
    path("authors/", views.AuthorListView.as_view(), name="author-list"),
    path("authors/<int:pk>/", views.AuthorDetailView.as_view(), name="author-detail"),
    path("books/", views.BookListView.as_view(), name="book-list"),
    path("books/categories/", views.BookCategoriesView.as_view(), name="book-categories"),
    path("books/<int:pk>/", views.BookDetailView.as_view(), name="book-detail"),
    path("books/<int:pk>/publish/", views.BookPublishView.as_view(), name="book-publish"),
]
