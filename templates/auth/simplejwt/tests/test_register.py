# {% include "shared/tests/test_register.py" %}
