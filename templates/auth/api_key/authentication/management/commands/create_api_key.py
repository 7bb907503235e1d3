from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from authentication.models import APIKey, Scope


class Command(BaseCommand):
    help = "Create an API key for a user and print it. The key cannot be shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="what the key is for")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            dest="scopes",
            help="can be repeated (default: read)",
        )
        parser.add_argument(
            "--days", type=int, help="days until the key expires (default: API_KEY_TTL_DAYS)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.get(username=options["username"])
        except User.DoesNotExist as error:
            raise CommandError(
                f"User {options['username']} does not exist. Create the user first."
            ) from error
        key = APIKey(user=user, name=options["name"], scopes=options["scopes"] or [Scope.READ])
        if options["days"] is not None:
            if options["days"] < 1:
                raise CommandError("--days must be at least 1.")
            try:
                key.expiry_date = timezone.now() + timedelta(days=options["days"])
            except OverflowError as error:
                raise CommandError("--days is too large. Use a smaller number.") from error
        secret = APIKey.objects.assign_key(key)
        try:
            key.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        key.save()
        self.stdout.write(secret)
