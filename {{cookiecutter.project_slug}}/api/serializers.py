import copy
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework import serializers

T = TypeVar("T", bound=Model)


def copy_field(field: Any) -> Any:
    """Copy a field that is not bound to a serializer yet."""
    contains_fields = isinstance(field, serializers.BaseSerializer) or any(
        isinstance(value, serializers.Field) for value in vars(field).values()
    )
    if contains_fields:
        return copy.deepcopy(field)
    # A deep copy takes longer, because DRF creates a new field from its arguments.
    copied = copy.copy(field)
    copied.validators = list(field.validators)
    copied.error_messages = field.error_messages.copy()
    return copied


class ModelSerializer(serializers.ModelSerializer[T]):
    """
    Write only the fields of the request when an object is updated.

    DRF's own class writes every column, which reverts concurrent changes of other columns and
    recreates a row that was deleted in the meantime.

    To save time, fields are built from the model only once, and copied for each request.
    """

    built_fields: ClassVar[dict[str, Any]]

    def get_fields(self) -> dict[str, Any]:
        cls = type(self)
        if "built_fields" not in vars(cls):
            cls.built_fields = super().get_fields()
        return {name: copy_field(field) for name, field in cls.built_fields.items()}

    def update(self, instance: T, validated_data: dict[str, Any]) -> T:
        many_to_many = {field.name for field in instance._meta.many_to_many} & validated_data.keys()
        columns = validated_data.keys() - many_to_many
        timestamps = {
            field.name
            for field in instance._meta.concrete_fields
            if getattr(field, "auto_now", False)
        }
        for name in columns:
            setattr(instance, name, validated_data[name])
        instance.save(update_fields=columns | timestamps)
        for name in many_to_many:
            getattr(instance, name).set(validated_data[name])
        return instance
