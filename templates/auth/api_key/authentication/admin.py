from typing import Any, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey as PackageAPIKey

from accounts.models import User
from authentication.models import APIKey, Scope

# The package's own keys have no user and do not authenticate anyone.
admin.site.unregister(PackageAPIKey)


class APIKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    request: HttpRequest

    def clean_user(self) -> User:
        """Reject a user with more permissions: staff could act as that user with the key."""
        user: User = self.cleaned_data["user"]
        staff = cast(User, self.request.user)
        if staff.is_superuser:
            return user
        if user.is_superuser or user.get_all_permissions() - staff.get_all_permissions():
            raise forms.ValidationError("You cannot create a key for a user with more permissions.")
        if not user.is_active:  # Django returns no permissions, but the key could be used later
            raise forms.ValidationError("You cannot create a key for an inactive user.")
        return user


@admin.register(APIKey)
class APIKeyAdmin(APIKeyModelAdmin):
    form = APIKeyForm
    # The package annotates these as tuples of fixed length.
    list_display = ["prefix", "name", "user", "scope_names", "created", "expiry_date", "revoked"]  # type: ignore[assignment]
    # With a list of filters, the last columns would not fit into a window of 1280 pixels.
    list_filter = ()  # type: ignore[assignment]
    search_fields = ["prefix", "name", "user__username"]  # type: ignore[assignment]
    autocomplete_fields = ["user"]

    @admin.display(description="scopes")
    def scope_names(self, key: APIKey) -> str:
        return ", ".join(key.scopes)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        form.request = request  # type: ignore[attr-defined]
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        # An existing key must not start to authenticate as another user.
        return (*fields, "user") if obj else fields
