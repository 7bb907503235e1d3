&& git stash --include-untracked \
&& uv run manage.py migrate authtoken zero \
&& git stash pop \
