from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.serializers import UserSerializer


@extend_schema(request=UserSerializer, responses=UserSerializer)
@api_view(["GET", "PATCH"])
def me(request: Request) -> Response:
    """The profile of the authenticated user."""
    user = cast(User, request.user)
    if request.method == "PATCH":
        serializer = UserSerializer(
            user, data=request.data, partial=True, context={"request": request}
        )
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)
    return Response(UserSerializer(user, context={"request": request}).data)


# Like class-based views, answer HEAD, and list the methods in a fixed order in `Allow`.
me.cls.http_method_names = APIView.http_method_names
