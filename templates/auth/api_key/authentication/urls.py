from django.urls import path

from authentication.keys import APIKeyDetailView, APIKeyListView, APIKeyRotateView

urlpatterns = [
    path("keys/", APIKeyListView.as_view(), name="key-list"),
    path("keys/<slug:prefix>/", APIKeyDetailView.as_view(), name="key-detail"),
    path("keys/<slug:prefix>/rotate/", APIKeyRotateView.as_view(), name="key-rotate"),
]
