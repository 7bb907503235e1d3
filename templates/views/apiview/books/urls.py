# {% include "shared/books/urls.py" %}
