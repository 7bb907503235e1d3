# {% include "views/" ~ cookiecutter.view_style ~ "/accounts/urls.py" %}
