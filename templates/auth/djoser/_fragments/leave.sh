# {% include "shared/_fragments/token_leave.sh" %}
