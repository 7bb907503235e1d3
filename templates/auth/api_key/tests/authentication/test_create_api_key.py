from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from authentication.models import APIKey


def test_command_prints_only_the_key(user, client_for, settings, is_close, capsys):
    call_command("create_api_key", user.username, "--name", "first")
    out, err = capsys.readouterr()
    assert err == ""
    key = APIKey.objects.get()
    assert out.startswith(f"{key.prefix}.")
    assert out == f"{out.split()[0]}\n"
    assert client_for(out.strip()).get(reverse("me")).status_code == 200
    assert (key.user, key.name, key.scopes) == (user, "first", ["read"])
    assert is_close(key.expiry_date, timezone.now() + settings.API_KEY_TTL)


def test_command_accepts_scopes_and_days(user, other_user, is_close, capsys):
    options = ["--name=new", "--scope=write", "--scope=manage", "--days=1"]
    call_command("create_api_key", user.username, *options)
    assert capsys.readouterr().err == ""
    key = APIKey.objects.get()
    assert key.user == user
    assert key.scopes == ["write", "manage"]
    assert is_close(key.expiry_date, timezone.now() + timedelta(days=1))


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--name="],
        [f"--name={'x' * 51}"],
        ["--name=new", "--scope=admin"],
        ["--name=new", "--scope=read", "--scope=read"],
        ["--name=new", "--days=0"],
        ["--name=new", "--days=-1"],
        ["--name=new", "--days=week"],
        ["--name=new", "--days=9999999"],
        ["--name=new", "--days=9999999999"],
    ],
)
def test_command_rejects_invalid_options(user, options):
    with pytest.raises(CommandError):
        call_command("create_api_key", user.username, *options)
    assert not APIKey.objects.exists()


def test_command_rejects_unknown_user(db):
    with pytest.raises(CommandError):
        call_command("create_api_key", "nobody", "--name=new")
    assert not APIKey.objects.exists()
