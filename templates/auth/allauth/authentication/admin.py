from typing import Any

from allauth.mfa import admin as mfa  # noqa: F401 -- registers the page
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as socialaccount  # noqa: F401 -- registers the pages
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.http import HttpRequest

# The provider is configured by environment variables, and its tokens are not stored.
admin.site.unregister([SocialApp, SocialToken])
# The page would display the secrets of all users.
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class AuthenticatorAdmin(admin.ModelAdmin):
    """Staff can remove the second factor of users who have lost it, but not read its secret."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__username", "user__email"]
    exclude = ["data"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
