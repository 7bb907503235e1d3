from django.urls import reverse, reverse_lazy

from authentication.models import APIKey

KEYS_URL = reverse_lazy("key-list")
ME_URL = reverse_lazy("me")
PUBLIC_URL = reverse_lazy("schema")


def test_read_scope_allows_only_safe_methods(create_key, client_for, user, assert_forbidden):
    client = client_for(create_key("read").key)
    for method in (client.get, client.head, client.options):
        assert method(ME_URL).status_code == 200
        assert method(PUBLIC_URL).status_code == 200
    for method in (client.patch, client.post, client.put, client.delete):
        assert_forbidden(method(ME_URL, {"first_name": "changed"}))
    user.refresh_from_db()
    assert user.first_name == ""


def test_write_scope_allows_only_unsafe_methods(create_key, client_for, assert_forbidden):
    client = client_for(create_key("write").key)
    assert client.patch(ME_URL, {"first_name": "changed"}).status_code == 200
    for method in (client.get, client.head, client.options):
        assert_forbidden(method(ME_URL))


def test_public_read_with_key_requires_read_scope(create_key, client_for, assert_forbidden):
    for scope in ("write", "manage"):
        assert_forbidden(client_for(create_key(scope).key).get(PUBLIC_URL))


def test_manage_scope_allows_only_key_management(create_key, client_for, assert_forbidden):
    client = client_for(create_key("manage").key)
    assert client.get(KEYS_URL).status_code == 200
    assert_forbidden(client.get(ME_URL))
    assert_forbidden(client.patch(ME_URL, {"first_name": "changed"}))


def test_key_management_requires_manage_scope(key, key_client, assert_forbidden):
    for url in (
        KEYS_URL,
        reverse("key-detail", args=[key.prefix]),
        reverse("key-rotate", args=[key.prefix]),
    ):
        for method in (
            key_client.get,
            key_client.head,
            key_client.options,
            key_client.post,
            key_client.delete,
        ):
            assert_forbidden(method(url, {"name": "new", "scopes": ["read"]}))
    assert APIKey.objects.get().revoked is False


def test_method_override_does_not_change_required_scope(
    create_key, client_for, user, assert_forbidden
):
    client = client_for(create_key("read").key)
    client.credentials(HTTP_X_HTTP_METHOD_OVERRIDE="PATCH")
    client.get(ME_URL, {"_method": "PATCH", "first_name": "changed"})
    assert_forbidden(client.post(ME_URL, {"_method": "GET"}, HTTP_X_HTTP_METHOD_OVERRIDE="GET"))
    user.refresh_from_db()
    assert user.first_name == ""
