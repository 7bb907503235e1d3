from django.contrib.auth.models import Group

from accounts.models import User
from api.serializers import ModelSerializer


class NameSerializer(ModelSerializer):
    class Meta:
        model = User
        fields = ["last_name"]


class MemberSerializer(ModelSerializer):
    name = NameSerializer(source="*", read_only=True)

    class Meta:
        model = User
        fields = ["first_name", "groups", "name"]


def test_serializers_do_not_share_fields():
    first, second = MemberSerializer(), MemberSerializer()
    field = first.fields["first_name"]
    field.read_only = True
    field.validators.append(str)
    field.error_messages["blank"] = "Changed"
    for other in (second.fields["first_name"], MemberSerializer().fields["first_name"]):
        assert not other.read_only
        assert str not in other.validators
        assert other.error_messages["blank"] != "Changed"


def test_nested_fields_have_the_context_of_their_serializer():
    for number in (1, 2):
        fields = MemberSerializer(context={"number": number}).fields
        for nested in (fields["groups"].child_relation, fields["name"].fields["last_name"]):
            assert nested.context["number"] == number


def test_serializer_updates_many_to_many_field(user, before_save):
    group = Group.objects.create(name="editors")
    before_save(User, lambda: User.objects.update(first_name="Changed"))
    serializer = MemberSerializer(user, data={"groups": [group.pk]}, partial=True)
    serializer.is_valid(raise_exception=True)
    assert serializer.save() is user
    user.refresh_from_db()
    assert (user.groups.get(), user.first_name) == (group, "Changed")
