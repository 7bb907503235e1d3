# {% include "shared/env_days.py" %}
