from django.conf import settings
from django.contrib import admin
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from api import health
from api.throttling import LoginThrottle, PasswordThrottle, throttle_form

admin.site.site_header = admin.site.site_title = settings.PROJECT_NAME

FAVICON = "drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs")),
    # Browsers request this path for pages that do not name an icon.
    path("favicon.ico", lambda request: redirect(static(FAVICON))),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("admin/login/", throttle_form(admin.site.login, LoginThrottle)),
    path(
        "admin/password_change/",
        throttle_form(
            admin.site.admin_view(admin.site.password_change, cacheable=True),
            LoginThrottle,
            PasswordThrottle,
        ),
    ),
    path("admin/", admin.site.urls),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(), name="docs"),
    path("api/v1/auth/", include("authentication.urls")),
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("books.urls")),
]
# {% include ["auth/" ~ cookiecutter.auth ~ "/_fragments/browsable_api.py", "shared/_fragments/browsable_api.py"] %}

handler400 = "api.exceptions.bad_request"
handler404 = "api.exceptions.not_found"
handler500 = "api.exceptions.server_error"
