from django.urls import path

from authentication import views

urlpatterns = [
    path("keys/", views.APIKeyListView.as_view(), name="key-list"),
    path("keys/<slug:prefix>/", views.APIKeyDetailView.as_view(), name="key-detail"),
    path("keys/<slug:prefix>/rotate/", views.APIKeyRotateView.as_view(), name="key-rotate"),
]
