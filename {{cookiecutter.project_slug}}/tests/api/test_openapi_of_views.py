"""The OpenAPI document of views that differ from those of the project."""

import pytest
from django.db import models
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination, LimitOffsetPagination
from rest_framework.permissions import BasePermission, IsAdminUser

from accounts.models import User
from accounts.serializers import UserSerializer
from api.serializers import ModelSerializer


class NeedsHeader(BasePermission):
    def has_permission(self, request, view):
        return request.META["HTTP_X_TEST"] == "yes"


@extend_schema(request=UserSerializer(many=True), responses={204: None, 409: None})
@api_view(["POST"])
@permission_classes([NeedsHeader])
def import_users(request):
    """
    Import the users of
    another system. This needs a header. It is slow.
    """


class PlaceSerializer(serializers.Serializer):
    city = serializers.CharField()


class TagsSerializer(serializers.Serializer):
    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)
    tags = serializers.ListField(child=serializers.CharField())
    place = PlaceSerializer()
    places = PlaceSerializer(many=True)
    detail = serializers.CharField()


@extend_schema(request=TagsSerializer, responses=UserSerializer(many=True))
@api_view(["GET", "POST", "PUT"])
def tags(request):
    """IDs of tags. They never change."""


@extend_schema(request=None, responses=None, summary="Reset everything")
@api_view(["POST"])
def reset(request):
    """Reset."""


@extend_schema(responses=None)
@api_view(["GET"])
@permission_classes([IsAdminUser])
def undocumented(request):
    pass


@extend_schema(request=None, responses=UserSerializer(many=True))
@api_view(["GET", "POST"])
def rooms(request):
    pass


class ColorSerializer(serializers.Serializer):
    color = serializers.ChoiceField(["red", "blue"], allow_blank=True, allow_null=True)
    pattern = serializers.ChoiceField([])


@extend_schema(
    parameters=[
        OpenApiParameter("color", enum=["blue", "red"], default="red"),
        OpenApiParameter("other", enum=["blue", "red"]),
        OpenApiParameter("optional", enum=["", "blue", "red"]),
        OpenApiParameter("name"),
    ],
    responses=ColorSerializer,
)
@api_view(["GET"])
def colors(request):
    """Get a color."""


class UserListView(ListAPIView):
    """Users."""

    serializer_class = UserSerializer
    queryset = User.objects.all()


class NeedsOwner(BasePermission):
    def has_object_permission(self, request, view, obj):
        return obj.owner == request.user


@extend_schema(responses=None)
@api_view(["GET"])
@permission_classes([NeedsOwner])
def secret(request, pk):
    """Get a secret."""


class Counter(models.Model):  # noqa: DJ008
    number = models.IntegerField()
    large_number = models.BigIntegerField()

    class Meta:
        app_label = "tests"  # which is not installed


class CounterSerializer(ModelSerializer):
    class Meta:
        model = Counter
        fields = ["number", "large_number"]


@extend_schema(request=CounterSerializer, responses=None)
@api_view(["POST"])
def count(request):
    """Count."""


@pytest.fixture
def describe():
    """Return a function that returns the documented methods of a view, and the schemas."""

    def describe(view, route="api/v1/users/import/"):
        document = SchemaGenerator(patterns=[path(route, view)]).get_schema(public=True)
        (methods,) = document["paths"].values()
        return methods, document["components"]["schemas"]

    return describe


def test_view_of_any_kind_is_described(describe):
    operation = describe(import_users)[0]["post"]
    assert operation["operationId"] == "users_import"
    assert operation["summary"] == "Import the users of another system"
    assert operation["description"] == "This needs a header. It is slow."
    assert {} not in operation["security"]
    assert operation["responses"].keys() >= {"204", "400", "403"}
    assert operation["responses"]["409"] == {"$ref": "#/components/responses/Conflict"}
    # The errors of a list have no documented schema.
    assert operation["responses"]["400"]["content"] == {"application/json": {"schema": {}}}


def test_view_with_several_methods_is_described(describe):
    methods, schemas = describe(tags)
    assert methods["get"]["summary"] == "List IDs of tags"
    assert methods["post"]["summary"] == "Create IDs of tag"
    post, put = methods["post"]["responses"], methods["put"]["responses"]
    assert ("404" in post, "404" in put) == (False, True)
    # The user who creates an object can be deleted.
    assert ("409" in post, "409" in put) == (True, False)
    assert methods["get"]["responses"]["200"]["description"] == "Success"
    assert methods["get"]["description"] == "IDs of tags. They never change."
    messages = {"type": "array", "items": {"type": "string"}}
    nested = {"oneOf": [messages, {"type": "object", "additionalProperties": {}}]}
    invalid = {"type": "string", "description": "The body is not valid JSON."}
    assert schemas["TagsErrors"]["properties"] == {
        "tags": nested,
        "place": nested,
        "places": nested,
        "non_field_errors": messages,
        "detail": {"oneOf": [messages, invalid]},
    }


def test_limits_of_integers_are_those_of_postgresql(describe):
    schema = describe(count)[1]["CounterRequest"]
    limits = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
    large = {"type": "integer", "format": "int64", "minimum": -(2**63), "maximum": 2**63 - 1}
    assert schema["properties"] == {"number": limits, "large_number": large}


def test_summary_can_be_set(describe):
    assert describe(reset)[0]["post"]["summary"] == "Reset everything"
    assert describe(undocumented)[0]["get"]["summary"] == ""


def test_view_without_docstring_is_named_after_its_tag(describe):
    methods = describe(rooms, "api/v1/meeting-rooms/")[0]
    summaries = {method: operation["summary"] for method, operation in methods.items()}
    assert summaries == {"get": "List meeting rooms", "post": "Create meeting room"}
    assert "description" not in methods["get"]


def test_operations_of_later_versions_are_named_after_resource_and_version(describe):
    post = describe(rooms, "api/v2/meeting-rooms/")[0]["post"]
    assert (post["operationId"], post["tags"]) == ("v2_meeting_rooms_create", ["meeting-rooms"])


@pytest.mark.parametrize(
    ("pagination", "error"), [(CursorPagination, {"404"}), (LimitOffsetPagination, set())]
)
def test_errors_of_pagination_are_described(describe, pagination, error):
    view = UserListView.as_view(pagination_class=pagination)
    responses = describe(view, "api/v1/users/")[0]["get"]["responses"]
    assert responses.keys() & {"400", "404"} == error


def test_parameter_and_field_with_same_values_share_enum(describe):
    parameters = describe(colors)[0]["get"]["parameters"]
    reference = {"$ref": "#/components/schemas/ColorEnum"}
    assert {parameter["name"]: parameter["schema"] for parameter in parameters} == {
        "color": {"allOf": [reference], "default": "red"},
        "other": reference,
        "optional": {"type": "string", "enum": ["", "blue", "red"]},
        "name": {"type": "string"},
    }


def test_error_for_users_without_permission_is_described(describe):
    for view, route in ((undocumented, "api/v1/users/"), (secret, "api/v1/secrets/<int:pk>/")):
        assert "403" in describe(view, route)[0]["get"]["responses"]
