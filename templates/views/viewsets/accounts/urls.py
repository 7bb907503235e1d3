from django.urls import path

from accounts.views import MeViewSet

urlpatterns = [
    path("me/", MeViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="me"),
]
