import pytest
from django.db import IntegrityError, transaction
from rest_framework.exceptions import AuthenticationFailed

from accounts.locks import lock_user
from accounts.models import User


def test_email_is_unique_regardless_of_case(user):
    with pytest.raises(IntegrityError):
        User.objects.create_user("twin", user.email.upper())


def test_service_accounts_need_no_email(db):
    User.objects.create_user("robot-1")
    User.objects.create_user("robot-2")
    assert User.objects.filter(email="").count() == 2


def test_new_database_has_no_users(db):
    assert not User.objects.exists()


def test_lock_loads_user_again(user, other_user):
    User.objects.update(first_name="Changed")
    with transaction.atomic():
        locked = lock_user(user)
    assert (locked.pk, locked.first_name) == (user.pk, "Changed")


def test_deactivated_user_cannot_be_locked(user):
    User.objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed), transaction.atomic():
        lock_user(user)


def test_deleted_user_cannot_be_locked(user, other_user):
    User.objects.filter(pk=user.pk).delete()
    with pytest.raises(AuthenticationFailed), transaction.atomic():
        lock_user(user)
