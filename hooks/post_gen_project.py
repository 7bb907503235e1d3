"""Remove the files and folders that this project has no use for: they came out empty."""

import os

for folder, _, files in os.walk(".", topdown=False):
    for name in files:
        path = os.path.join(folder, name)
        if name != "__init__.py" and os.path.getsize(path) == 0:
            os.remove(path)
    if set(os.listdir(folder)) <= {"__init__.py"}:
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))
        os.rmdir(folder)
