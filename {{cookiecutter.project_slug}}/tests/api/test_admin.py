from django.urls import reverse
from django.utils.html import escape


def test_every_page_of_admin_opens(admin_client, user):
    index = admin_client.get(reverse("admin:index"))
    assert index.status_code == 200
    models = [model for app in index.context["app_list"] for model in app["models"]]
    assert "User" in [model["object_name"] for model in models]
    for model in models:
        assert admin_client.get(model["admin_url"], {"q": "x"}).status_code == 200
        if model["add_url"]:
            assert admin_client.get(model["add_url"]).status_code == 200
    change = reverse("admin:accounts_user_change", args=[user.pk])
    assert admin_client.get(change).status_code == 200


def test_admin_has_name_of_project(client, db, settings):
    page = client.get(reverse("admin:login")).content.decode()
    assert escape(settings.PROJECT_NAME) in page
