import pytest
from django.contrib.auth.models import Group
from django.db import models
from rest_framework import serializers

from accounts.models import User
from api.serializers import ModelSerializer


class NameSerializer(ModelSerializer):
    class Meta:
        model = User
        fields = ["last_name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["last_name"].label = "Surname"


class MemberSerializer(ModelSerializer):
    name = NameSerializer(source="*", read_only=True)

    class Meta:
        model = User
        fields = ["first_name", "groups", "name"]


class GroupSerializer(ModelSerializer):
    class Meta:
        model = Group
        fields = ["name", "user_set"]


class NestingSerializer(ModelSerializer):
    groups = GroupSerializer(many=True)

    class Meta:
        model = User
        fields = ["first_name", "groups"]


class FieldNamesMixin:
    def get_field_names(self, *args):
        return ["username", "is_staff"] if self.context["is_staff"] else ["username"]


class OverridingSerializer(FieldNamesMixin, ModelSerializer):
    class Meta:
        model = User


class Task(models.Model):  # noqa: DJ008
    STATES = [("open", "Open"), ("done", "Done")]
    KINDS = {}
    state = models.CharField(max_length=10, choices=STATES)
    kind = models.CharField(max_length=10, choices=KINDS.items)

    class Meta:
        app_label = "tests"  # which is not installed


class TaskSerializer(ModelSerializer):
    class Meta:
        model = Task
        fields = ["state", "kind"]


limit = {}


class Assignment(models.Model):  # noqa: DJ008
    user = models.ForeignKey(User, models.CASCADE, limit_choices_to=limit.copy)

    class Meta:
        app_label = "tests"


class AssignmentSerializer(ModelSerializer):
    class Meta:
        model = Assignment
        fields = ["user"]


class Person(User):
    class Meta:
        app_label = "tests"
        proxy = True

    @property
    def name(self):
        return f"{self.first_name} {self.last_name}"

    @name.setter
    def name(self, name):
        self.first_name, self.last_name = name.split()


class PersonSerializer(ModelSerializer):
    name = serializers.CharField()

    class Meta:
        model = Person
        fields = ["name"]


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
    TaskSerializer().fields["state"].choices.pop("done")
    assert "done" in TaskSerializer().fields["state"].choices


def test_overridden_method_can_choose_other_fields_for_each_request():
    for is_staff in (True, False):
        fields = OverridingSerializer(context={"is_staff": is_staff}).fields
        assert ("is_staff" in fields) == is_staff


def test_choices_are_computed_for_each_request(user, monkeypatch):
    for kind in ("old", "new"):
        monkeypatch.setitem(Task.KINDS, kind, kind)
        assert TaskSerializer(data={"state": "open", "kind": kind}).is_valid()
    for username, is_valid in ((user.username, True), ("somebody", False)):
        monkeypatch.setitem(limit, "username", username)
        assert AssignmentSerializer(data={"user": user.pk}).is_valid() == is_valid


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


def test_serializer_rejects_update_of_nested_objects_and_writes_nothing(user):
    data = {"first_name": "Changed", "groups": [{"name": "editors", "user_set": []}]}
    serializer = NestingSerializer(user, data=data)
    serializer.is_valid(raise_exception=True)
    with pytest.raises(AssertionError, match="does not support writable nested fields"):
        serializer.save()
    user.refresh_from_db()
    assert user.first_name != "Changed"


def test_serializer_updates_reverse_relation(user):
    group = Group.objects.create(name="editors")
    serializer = GroupSerializer(group, data={"user_set": [user.pk]}, partial=True)
    serializer.is_valid(raise_exception=True)
    serializer.save()
    assert user.groups.get() == group


def test_serializer_updates_property(user, django_assert_num_queries):
    person = Person.objects.only("first_name").get(pk=user.pk)
    serializer = PersonSerializer(person, data={"name": "Octavia Butler"})
    serializer.is_valid(raise_exception=True)
    with django_assert_num_queries(1):
        serializer.save()
    user.refresh_from_db()
    assert (user.first_name, user.last_name) == ("Octavia", "Butler")
