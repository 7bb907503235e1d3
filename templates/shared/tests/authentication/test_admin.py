import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from rest_framework.authtoken.models import Token, TokenProxy


@pytest.fixture
def token(user):
    return Token.objects.create(user=user)


@pytest.mark.parametrize("model", [Token, TokenProxy])
def test_admin_has_no_page_for_tokens(model):
    assert not admin.site.is_registered(model)
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("page", ["change", "history", "delete"])
def test_page_of_user_does_not_display_token(admin_client, user, token, page):
    response = admin_client.get(reverse(f"admin:accounts_user_{page}", args=[user.pk]))
    assert response.status_code == 200
    assert token.key not in response.content.decode()


def test_confirmation_to_delete_users_does_not_display_token(admin_client, user, token):
    form = {"action": "delete_selected", "_selected_action": [user.pk]}
    response = admin_client.post(reverse("admin:accounts_user_changelist"), form)
    assert response.status_code == 200
    assert user.username in response.content.decode()
    assert token.key not in response.content.decode()


@pytest.mark.parametrize("route", ["admin:index", "admin:accounts_user_changelist"])
def test_list_in_admin_does_not_display_token(admin_client, token, route):
    response = admin_client.get(reverse(route))
    assert response.status_code == 200
    assert token.key not in response.content.decode()
