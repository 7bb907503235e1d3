# This project has no use for it.
from django.db import migrations


class Migration(migrations.Migration):
    pass
