from rest_framework.routers import SimpleRouter

from books.views import AuthorViewSet, BookViewSet

# Match ids with the `int` path converter: any other id is a 404.
router = SimpleRouter(use_regex_path=False)
router.register("authors", AuthorViewSet)
router.register("books", BookViewSet, basename="book")

urlpatterns = router.urls
