from django.urls import path

from books import views

urlpatterns = [
    path("authors/", views.author_list, name="author-list"),
    path("authors/<int:pk>/", views.author_detail, name="author-detail"),
    path("books/", views.book_list, name="book-list"),
    path("books/categories/", views.book_categories, name="book-categories"),
    path("books/<int:pk>/", views.book_detail, name="book-detail"),
    path("books/<int:pk>/publish/", views.book_publish, name="book-publish"),
]
