# {% include "views/" ~ cookiecutter.view_style ~ "/books/views.py" %}
