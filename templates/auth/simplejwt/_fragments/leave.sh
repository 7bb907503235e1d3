&& git stash --include-untracked \
&& uv run manage.py shell -c "from rest_framework_simplejwt.token_blacklist.models import OutstandingToken; OutstandingToken.objects.all().delete()" \
&& uv run manage.py migrate token_blacklist zero \
&& git stash pop \
