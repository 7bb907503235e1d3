# {% include "views/" ~ cookiecutter.view_style ~ "/books/urls.py" %}
