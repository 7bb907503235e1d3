# This strategy has no models; hooks/post_gen_project.py removes this migration.
from django.db import migrations


class Migration(migrations.Migration):
    pass
