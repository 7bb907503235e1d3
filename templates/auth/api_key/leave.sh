# For another auth, first: users could not be deleted beside what is left of the old one.
uv run manage.py migrate authentication zero
uv run manage.py migrate rest_framework_api_key zero
