from django.contrib import admin
from rest_framework_simplejwt.token_blacklist import admin as stock
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

admin.site.unregister(OutstandingToken)


@admin.register(OutstandingToken)
class OutstandingTokenAdmin(stock.OutstandingTokenAdmin):
    # Without the token: whoever read it could use it.
    fields = ("user", "jti", "created_at", "expires_at")
