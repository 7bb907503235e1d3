from accounts.models import User
from api.serializers import ModelSerializer


class UserSerializer(ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "username", "email", "first_name", "last_name"]
        read_only_fields = ["username", "email"]
