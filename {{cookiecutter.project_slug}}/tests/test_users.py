import pytest
from django.db import IntegrityError

from accounts.models import User


def test_email_is_unique_whatever_its_case(user):
    with pytest.raises(IntegrityError):
        User.objects.create_user("twin", "URSULA@example.com")


def test_service_accounts_have_no_email(db):
    User.objects.create_user("robot-1")
    User.objects.create_user("robot-2")
    assert User.objects.filter(email="").count() == 2


def test_passwords_are_checked_by_djangos_four_validators(settings):
    paths = [validator["NAME"] for validator in settings.AUTH_PASSWORD_VALIDATORS]
    assert {path.rpartition(".")[2] for path in paths} >= {
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    }


def test_passwords_are_hashed_with_argon2_outside_tests():
    from config.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
