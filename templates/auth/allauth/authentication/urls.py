from functools import cache

from allauth.headless.spec.views import OpenAPIJSONView
from allauth.socialaccount.providers.openid_connect.views import callback
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularSwaggerSplitView


@cache
def build_document() -> bytes:
    """Return allauth's OpenAPI document. It is built once, because this takes 0.2 seconds."""
    return OpenAPIJSONView().get(HttpRequest()).content


def openapi(request: HttpRequest) -> HttpResponse:
    """Return allauth's OpenAPI document. Every JSON document is also YAML."""
    return HttpResponse(build_document(), content_type="application/vnd.oai.openapi+json")


urlpatterns = [
    path("docs/", SpectacularSwaggerSplitView.as_view(url="../openapi.json"), name="auth-docs"),
    re_path(r"^openapi\.(?:json|yaml)$", openapi),
    path("<provider_id>/login/callback/", callback, name="openid_connect_callback"),
    path("", include("allauth.headless.urls")),
]
