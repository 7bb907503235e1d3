import copy
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework import serializers
from rest_framework.utils import model_meta

T = TypeVar("T", bound=Model)

# The methods by which DRF builds fields from the model
FIELD_METHODS = {
    name
    for name in vars(serializers.ModelSerializer)
    if name.startswith(("build_", "get_", "include_extra_kwargs"))
}


def copy_field(field: Any) -> Any:
    """Copy a field that is not bound to a serializer yet."""
    contains_fields = isinstance(field, serializers.BaseSerializer) or any(
        isinstance(value, serializers.Field) for value in vars(field).values()
    )
    # Choices that are not a list, such as those of a callable, can differ for each request.
    computes_choices = isinstance(field, serializers.ChoiceField) and not isinstance(
        vars(field)["_kwargs"].get("choices"), list
    )
    if contains_fields or computes_choices:
        return copy.deepcopy(field)
    # Other ways to copy take longer: for a deep copy, DRF creates a new field from its arguments.
    copied = object.__new__(type(field))
    for name, value in vars(field).items():
        vars(copied)[name] = value.copy() if isinstance(value, (dict, list)) else value
    return copied


def fields_can_differ(cls: Any) -> bool:
    """Return whether the class can build other fields for each serializer."""
    own_classes = set(cls.__mro__) - set(ModelSerializer.__mro__)
    if any(FIELD_METHODS & vars(each).keys() for each in own_classes):
        return True
    options = cls.Meta.model._meta
    return any(
        callable(field.remote_field.limit_choices_to)
        for field in (*options.fields, *options.many_to_many)
        if field.remote_field
    )


class ModelSerializer(serializers.ModelSerializer[T]):
    """
    Write only the fields of the request when an object is updated.

    DRF's own class writes every column, which reverts concurrent changes of other columns and
    recreates a row that was deleted in the meantime.

    A model whose `save()` changes other columns must add them to `update_fields`. If a field sets a
    property of the model, all columns are written, because the property can change any of them.

    To save time, fields are built from the model only once, and copied for each request, unless
    they can differ.
    """

    built_fields: ClassVar[dict[str, Any] | None]

    def get_fields(self) -> dict[str, Any]:
        cls = type(self)
        if "built_fields" not in vars(cls):
            fields = super().get_fields()
            cls.built_fields = None if fields_can_differ(cls) else fields
        if cls.built_fields is None:
            return super().get_fields()
        return {name: copy_field(field) for name, field in cls.built_fields.items()}

    def update(self, instance: T, validated_data: dict[str, Any]) -> T:
        serializers.raise_errors_on_nested_writes("update", self, validated_data)
        options = instance._meta
        relations = model_meta.get_field_info(options.model).relations
        to_many = {name for name in validated_data if name in relations and relations[name].to_many}
        values = {name: validated_data[name] for name in validated_data if name not in to_many}
        for name, value in values.items():
            setattr(instance, name, value)
        columns = [field for field in options.concrete_fields if not field.primary_key]
        written = values.keys() | {
            field.name for field in columns if getattr(field, "auto_now", False)
        }
        if not written <= {name for field in columns for name in (field.name, field.attname)}:
            deferred = instance.get_deferred_fields()
            written = {field.name for field in columns if field.attname not in deferred}
        instance.save(update_fields=written)
        for name in to_many:
            getattr(instance, name).set(validated_data[name])
        return instance
