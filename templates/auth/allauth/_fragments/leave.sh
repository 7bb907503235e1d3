&& git stash --include-untracked \
&& uv run manage.py migrate authentication zero \
&& uv run manage.py migrate usersessions zero \
&& uv run manage.py migrate socialaccount zero \
&& uv run manage.py migrate mfa zero \
&& uv run manage.py migrate account zero \
&& git stash pop \
