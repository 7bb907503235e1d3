# {% include "shared/authentication/registration.py" %}
