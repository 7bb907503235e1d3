from django.urls import include, path
from rest_framework.routers import SimpleRouter

from books.views import BookViewSet, MeView, values

router = SimpleRouter()
router.register("books", BookViewSet)

urlpatterns = [
    path("api/v1/values/", values),
    path("api/v1/me/", MeView.as_view()),
    path("api/v1/", include(router.urls)),
]
