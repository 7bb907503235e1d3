from typing import Any

from django.db import migrations
from django.db.models.functions import Lower


def lowercase_addresses(apps: Any, schema_editor: Any) -> None:
    """Store the addresses of existing users as allauth looks them up."""
    apps.get_model("accounts", "User").objects.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(lowercase_addresses, migrations.RunPython.noop)]
