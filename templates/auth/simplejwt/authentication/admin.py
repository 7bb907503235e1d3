from django.contrib import admin
from rest_framework_simplejwt.token_blacklist import admin as token_blacklist
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

admin.site.unregister(OutstandingToken)


@admin.register(OutstandingToken)
class OutstandingTokenAdmin(token_blacklist.OutstandingTokenAdmin):
    # Do not display the token itself: anyone who reads it could use it.
    fields = ("user", "jti", "created_at", "expires_at")
