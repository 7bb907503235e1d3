&& git stash --include-untracked \
&& uv run manage.py migrate authentication zero \
&& uv run manage.py migrate rest_framework_api_key zero \
&& git stash pop \
