"""
The parts of the OpenAPI document that drf-spectacular does not derive from the code.

Summaries come from docstrings, and errors from what views declare, so that views need few
annotations.
"""

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.models import Field
from django.http import HttpRequest
from drf_spectacular import openapi
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.plumbing import ResolvedComponent, force_instance, get_doc
from inflection import singularize
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request

Schema = dict[str, Any]

VERBS = {"GET": "Get", "POST": "Create", "PUT": "Replace", "PATCH": "Update", "DELETE": "Delete"}
# Names and descriptions of the errors that endpoints share. No operation returns 405, because every
# method that the document lists is allowed.
ERRORS = {
    "401": ("Unauthorized", "The credentials are missing or invalid."),
    "403": ("Forbidden", "The request is not allowed."),
    "404": ("NotFound", "The object or the page does not exist."),
    "406": ("NotAcceptable", "The `Accept` header does not allow JSON."),
    "409": ("Conflict", "The request conflicts with the current state of an object."),
    "413": ("ContentTooLarge", "The request body is too large."),
    "415": ("UnsupportedMediaType", "The request body is not JSON."),
    "429": ("TooManyRequests", "The client sent too many requests."),
    "503": ("ServiceUnavailable", "The request took too long."),
}
HEADERS = {
    "401": {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    "429": {
        "Retry-After": {
            "description": "Seconds to wait before the next request",
            "required": True,
            "schema": {"type": "integer", "minimum": 0},
        }
    },
}
ERROR = {"type": "object", "properties": {"detail": {"type": "string"}}, "required": ["detail"]}
MESSAGES = {"type": "array", "items": {"type": "string"}}
# Query parameters whose invalid values do not lead to 400
LENIENT_PARAMETERS = {"cursor", "limit", "offset", "ordering", "page", "page_size"}


class AutoSchema(openapi.AutoSchema):
    """
    Add summaries, errors and optional authentication to operations.

    For an error that does not follow from what the view declares, pass `None` for its status code:
    `@extend_schema(responses={204: None, 409: None})`.
    """

    def get_operation(self, *args: Any) -> Schema | None:
        operation = super().get_operation(*args)
        if operation is None:
            return None
        operation = {
            "operationId": operation["operationId"],
            **self.summary_and_description(operation),
            **operation,
        }
        operation.setdefault("security", [])
        operation["responses"] = self.with_errors(operation)
        return operation

    def get_operation_id(self) -> str:
        """Return ids like `orders_cancel` for actions, and `v2_orders_list` after version 1."""
        operation_id: str = super().get_operation_id()
        if self.method == "POST" and not self.view_has_several_methods():
            operation_id = operation_id.removesuffix("_create")
        version = re.match("/api/(v[0-9]+)/", self.path)
        return f"{version[1]}_{operation_id}" if version and version[1] != "v1" else operation_id

    def get_auth(self) -> list[Schema]:
        """Return the authentication schemes, and an empty one if they are optional."""
        schemes = [scheme for scheme in super().get_auth() if scheme]
        return [{}, *schemes] if schemes and not self.denial(user=None) else schemes

    # Summaries

    def view_has_several_methods(self) -> bool:
        actions = getattr(self.view, "action_map", None)
        methods = {method.upper() for method in actions or self.view.allowed_methods}
        return len(methods - {"OPTIONS"}) > 1

    def summary_and_description(self, operation: Schema) -> Schema:
        """
        Use the first sentence of the docstring as the summary.

        If the docstring describes a view with several methods, its first sentence is the name of a
        resource: "Orders." becomes "List orders", "Create order" and so on. Without a docstring,
        its name is the tag.
        """
        description = operation.pop("description", "")
        sentence, *rest = re.split(r"\.\s+", description, maxsplit=1)
        sentence = " ".join(sentence.split()).removesuffix(".")
        if description == get_doc(self.view.__class__) and self.view_has_several_methods():
            name = sentence or operation["tags"][0].replace("-", " ")
            name = name if name[:2].isupper() else name[:1].lower() + name[1:]
            is_list = self.method == "GET" and self._is_list_view()
            sentence = f"List {name}" if is_list else f"{VERBS[self.method]} {singularize(name)}"
            rest = [description] if description else []
        summary = operation.get("summary", sentence)
        return {"summary": summary, "description": rest[0]} if rest else {"summary": summary}

    # Errors

    def with_errors(self, operation: Schema) -> Schema:
        responses = operation["responses"]
        for code in self.error_codes(operation):
            responses.setdefault(code, self.error(code))
        if "requestBody" in operation:
            responses["400"] = self.response("The request body is invalid.", self.body_errors())
        elif names := self.strict_parameters(operation):
            schema = {"type": "object", "properties": dict.fromkeys(names, MESSAGES)}
            responses["400"] = self.response("A query parameter is invalid.", schema)
        return dict(sorted(responses.items()))

    def error_codes(self, operation: Schema) -> set[str]:
        """Return the status codes of all errors that can occur, except 400."""
        has_body, is_private = "requestBody" in operation, bool(operation["security"])
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        denial = self.denial(user=None)
        credentials = self.authentication_errors() if is_private else set()
        conditions = {
            "401": isinstance(denial, NotAuthenticated) or "401" in credentials,
            "403": (is_private and self.depends_on_user())
            or isinstance(denial, PermissionDenied)
            or "403" in credentials,
            # An object can also be deleted while the request changes it.
            "404": "{" in self.path
            or self.method in {"PUT", "PATCH"}
            or names & {"cursor", "page"},
            "406": True,
            "409": has_body and self.refers_to_objects(),
            "413": has_body,
            "415": has_body,
            "429": bool(self.view.get_throttles()),
            "503": True,
        }
        return {code for code, can_occur in conditions.items() if can_occur}

    def authentication_errors(self) -> set[str]:
        """Return the status codes for invalid credentials: 401, or what the scheme says."""
        schemes: list[Any] = [
            OpenApiAuthenticationExtension.get_match(authenticator)
            for authenticator in self.view.get_authenticators()
        ]
        return set().union(
            *(each.get_errors(self) if hasattr(each, "get_errors") else {"401"} for each in schemes)
        )

    def denial(self, user: Any, check_object: bool = False) -> Exception | None:
        """Return the error that the view raises for a request of the user, or None."""
        http_request = HttpRequest()
        http_request.method = self.method
        request: Request = self.view.initialize_request(http_request)
        if user:
            request.user = user
        try:
            self.view.perform_authentication(request)
            self.view.check_permissions(request)
            if check_object:
                self.view.check_object_permissions(request, None)
        except Exception as error:  # noqa: BLE001 -- permissions read what is missing here
            return error
        return None

    def depends_on_user(self) -> bool:
        """Return whether the view allows the request only to some users."""
        return self.denial(get_user_model()(), check_object="{" in self.path) is not None

    def refers_to_objects(self) -> bool:
        """Return whether the request stores references to objects, which can be deleted."""
        return any(
            isinstance(field, serializers.RelatedField)
            and (self.method == "POST" or not field.read_only)
            for field in self.body_fields()
        )

    def body_fields(self) -> list[serializers.Field]:
        """Return the fields of the request body: none if it is not an object."""
        return list(getattr(force_instance(self.get_request_serializer()), "fields", {}).values())

    def strict_parameters(self, operation: Schema) -> list[str]:
        return [
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query" and parameter["name"] not in LENIENT_PARAMETERS
        ]

    def body_errors(self) -> Schema:
        """Return the schema of the messages for each field of the body."""
        fields = [field for field in self.body_fields() if not field.read_only]
        if not fields:
            return {}
        # The messages about the items of a list, or the fields of an object, are an object.
        nested = {"oneOf": [MESSAGES, {"type": "object", "additionalProperties": {}}]}
        properties: dict[Any, Schema] = {"non_field_errors": MESSAGES}
        for field in fields:
            has_parts = hasattr(field, "child") or isinstance(field, serializers.BaseSerializer)
            properties[field.field_name] = nested if has_parts else MESSAGES
        detail = {"type": "string", "description": "The body is not valid JSON."}
        is_field = "detail" in properties
        properties["detail"] = {"oneOf": [properties["detail"], detail]} if is_field else detail
        schema = {"type": "object", "properties": properties}
        name = self._get_serializer_name(fields[0].parent, "response")
        return self.component(ResolvedComponent.SCHEMA, f"{name}Errors", schema)

    def error(self, code: str) -> Schema:
        name, description = ERRORS[code]
        schema = self.component(ResolvedComponent.SCHEMA, "Error", ERROR)
        response = self.response(description, schema)
        if code in HEADERS:
            response["headers"] = HEADERS[code]
        return self.component(ResolvedComponent.RESPONSE, name, response)

    def response(self, description: str, schema: Schema) -> Schema:
        content = {media: {"schema": schema} for media in self.map_renderers("media_type")}
        return {"description": description, "content": content}

    def component(self, kind: str, name: str, schema: Schema) -> Schema:
        """Add a component to the document and return a reference to it."""
        component = ResolvedComponent(name, kind, schema, object=name)
        self.registry.register_on_missing(component)
        return component.ref

    def _get_response_for_code(
        self, serializer: Any, status_code: str, *args: Any, **kwargs: Any
    ) -> Schema:
        if serializer is None and status_code in ERRORS:
            return self.error(status_code)
        response: Schema = super()._get_response_for_code(serializer, status_code, *args, **kwargs)
        return response | {"description": response["description"] or "Success"}

    # Fields

    def _postprocess_serializer_schema(
        self, schema: Schema, serializer: Any, direction: str
    ) -> Schema:
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)
        # Docstrings of serializers are for developers.
        schema.pop("description", None)
        if direction == "response" and schema.get("properties"):
            # Responses contain all fields.
            schema["required"] = list(schema["properties"])
            for field in schema["properties"].values():
                if field.get("readOnly"):
                    field.pop("description", None)  # how to enter a value
        return schema

    def _insert_field_validators(self, field: Any, schema: Schema) -> None:
        super()._insert_field_validators(field, schema)
        # SQLite has no limits for integers. Document those of PostgreSQL with every database.
        kind = self.model_field_type(field)
        minimum, maximum = BaseDatabaseOperations.integer_field_ranges.get(kind, (None, None))
        for bound, limit, strictest in ("minimum", minimum, max), ("maximum", maximum, min):
            if limit is not None and bound in schema:
                schema[bound] = strictest(schema[bound], limit)
        if maximum is not None and maximum < 2**31:
            schema.pop("format", None)  # int64

    def model_field_type(self, field: Any) -> str:
        """Return the type of the model field that a field of a serializer reads and writes."""
        model = getattr(getattr(field.parent, "Meta", None), "model", None)
        try:
            model_field = model._meta.get_field(field.source) if model else None
        except FieldDoesNotExist:
            return ""
        return model_field.get_internal_type() if isinstance(model_field, Field) else ""


def complete_document(result: Schema, **kwargs: Any) -> Schema:
    """Describe the tags in use, and use the same enum in parameters and fields."""
    enums = {
        values(schema): {"$ref": f"#/components/schemas/{name}"}
        for name, schema in result["components"]["schemas"].items()
        if schema.get("enum")
    }
    described = {tag["name"]: tag for tag in result.get("tags", [])}
    tags: Schema = {}
    for path in result["paths"].values():
        for operation in path.values():
            for name in operation["tags"]:
                description = operation.get("description", operation["summary"])
                default = {"name": name, "description": description}
                tags.setdefault(name, described.get(name, default))
            for parameter in operation.get("parameters", []):
                schema = parameter["schema"]
                reference: Schema | None = enums.get(values(schema))
                if reference and "default" in schema:
                    reference = {"allOf": [reference], "default": schema["default"]}
                parameter["schema"] = reference or schema
    return result | {"tags": [tags[name] for name in sorted(tags)]}


def values(schema: Schema) -> tuple[str, ...]:
    """Return the values of an enum in an order that does not depend on their declaration."""
    return tuple(sorted(map(repr, schema.get("enum", []))))
