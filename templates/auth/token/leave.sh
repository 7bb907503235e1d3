# For another auth, first: users could not be deleted beside what is left of the old one.
uv run manage.py migrate authtoken zero
