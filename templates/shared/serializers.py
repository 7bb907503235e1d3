from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from accounts.models import User
from accounts.serializers import UserSerializer


# {% include "shared/register_serializer.py" %}


# {% include "shared/password_serializer.py" %}
