from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey as PackageAPIKey

from authentication.models import APIKey, Scope

# The package's own keys have no user and do not authenticate anyone.
admin.site.unregister(PackageAPIKey)


class APIKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )


@admin.register(APIKey)
class APIKeyAdmin(APIKeyModelAdmin):
    form = APIKeyForm
    # The package annotates these as tuples of fixed length.
    list_display = ["prefix", "name", "user", "scopes", "created", "expiry_date", "revoked"]  # type: ignore[assignment]
    list_filter = ["revoked", "created"]  # type: ignore[assignment]
    search_fields = ["prefix", "name", "user__username"]  # type: ignore[assignment]
    autocomplete_fields = ["user"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        # An existing key must not start to authenticate as another user.
        return (*fields, "user") if obj else fields
