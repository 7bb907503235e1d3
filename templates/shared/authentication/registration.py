from drf_spectacular.utils import extend_schema
from rest_framework.generics import CreateAPIView
from rest_framework.permissions import AllowAny

from accounts.models import User
from accounts.serializers import UserSerializer
from api.throttling import LoginThrottle
from authentication.serializers import RegistrationSerializer


@extend_schema(responses={201: UserSerializer})
class RegistrationView(CreateAPIView[User]):
    """Create an account. The new user is not logged in."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]
    serializer_class = RegistrationSerializer
