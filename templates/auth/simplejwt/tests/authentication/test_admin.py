from django.urls import reverse
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken


def test_admin_does_not_show_refresh_token(admin_client, refresh_token):
    token = OutstandingToken.objects.get()
    url = reverse("admin:token_blacklist_outstandingtoken_change", args=[token.pk])
    page = admin_client.get(url).content.decode()
    for field in ("user", "jti", "created_at", "expires_at"):
        assert f"field-{field}" in page
    assert token.jti in page
    assert token.token
    assert token.token not in page
    assert refresh_token not in page
