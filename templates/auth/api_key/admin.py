from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey as PackageAPIKey

from authentication.models import APIKey, Scope

# The package's own keys belong to nobody and open nothing here.
admin.site.unregister(PackageAPIKey)


class APIKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )


@admin.register(APIKey)
class APIKeyAdmin(APIKeyModelAdmin):
    form = APIKeyForm
    # The package types these as tuples of the lengths that it has itself.
    list_display = ["prefix", "name", "user", "scopes", "created", "expiry_date", "revoked"]  # type: ignore[assignment]
    list_filter = ["revoked", "created"]  # type: ignore[assignment]
    search_fields = ["prefix", "name", "user__username"]  # type: ignore[assignment]
    autocomplete_fields = ["user"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        # Who holds a secret must not begin to act as somebody else.
        return (*fields, "user") if obj else fields
