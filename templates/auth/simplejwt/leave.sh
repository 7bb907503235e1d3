# For another auth, first: users could not be deleted beside what is left of the old one.
uv run manage.py shell -c "from rest_framework_simplejwt.token_blacklist.models import OutstandingToken; OutstandingToken.objects.all().delete()"
uv run manage.py migrate token_blacklist zero
