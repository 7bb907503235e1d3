# {% include "views/" ~ cookiecutter.view_style ~ "/accounts/views.py" %}
