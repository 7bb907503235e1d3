import pytest
from django.urls import reverse_lazy

from accounts.models import User

ME_URL = reverse_lazy("me")


def test_changing_name_keeps_concurrent_changes(user_client, user, before_save):
    changes = {
        "password": "changed",
        "email": "changed@example.com",
        "last_name": "Changed",
        "is_active": False,
        "is_staff": True,
        "is_superuser": True,
    }
    before_save(User, lambda: User.objects.filter(pk=user.pk).update(**changes))
    response = user_client.patch(ME_URL, {"first_name": "Ursula"})
    assert (response.status_code, response.json()["first_name"]) == (200, "Ursula")
    assert User.objects.filter(pk=user.pk, first_name="Ursula", **changes).exists()


@pytest.mark.django_db(transaction=True)
def test_user_deleted_in_the_meantime_is_not_created_again(user_client, user, before_save):
    before_save(User, User.objects.filter(pk=user.pk).delete)
    response = user_client.patch(ME_URL, {"first_name": "Ursula"})
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}
    assert not User.objects.exists()
