# {% include "shared/accounts/urls.py" %}
