import pytest
from django.db import IntegrityError

from accounts.models import User


def test_email_is_unique_regardless_of_case(user):
    with pytest.raises(IntegrityError):
        User.objects.create_user("twin", user.email.upper())


def test_service_accounts_need_no_email(db):
    User.objects.create_user("robot-1")
    User.objects.create_user("robot-2")
    assert User.objects.filter(email="").count() == 2
