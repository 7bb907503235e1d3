from django.contrib.auth.models import Group

from accounts.models import User
from api.serializers import ModelSerializer


class MemberSerializer(ModelSerializer):
    class Meta:
        model = User
        fields = ["first_name", "groups"]


def test_serializers_do_not_share_fields():
    first, second = MemberSerializer(), MemberSerializer()
    first.fields["first_name"].read_only = True
    assert not second.fields["first_name"].read_only
    assert not MemberSerializer().fields["first_name"].read_only


def test_serializer_updates_many_to_many_field(user, before_save):
    group = Group.objects.create(name="editors")
    before_save(User, lambda: User.objects.update(first_name="Changed"))
    serializer = MemberSerializer(user, data={"groups": [group.pk]}, partial=True)
    serializer.is_valid(raise_exception=True)
    assert serializer.save() is user
    user.refresh_from_db()
    assert (user.groups.get(), user.first_name) == (group, "Changed")
