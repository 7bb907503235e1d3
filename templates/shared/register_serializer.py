class RegisterSerializer(serializers.ModelSerializer[User]):
    password = serializers.CharField(write_only=True, trim_whitespace=False)

    class Meta:
        model = User
        fields = [*UserSerializer.Meta.fields, "password"]
        read_only_fields = ["first_name", "last_name"]
        extra_kwargs = {
            "email": {
                "required": True,
                "allow_blank": False,
                "validators": [
                    UniqueValidator(
                        User.objects.all(),
                        message="A user with that e-mail address already exists.",
                        lookup="iexact",
                    )
                ],
            }
        }

    def validate_username(self, value: str) -> str:
        # create_user() normalizes it: another name, perhaps too long, that nobody could log in as.
        if value != User.normalize_username(value):
            raise serializers.ValidationError("Use plain characters, normalized as in NFKC.")
        return value

    def validate_email(self, value: str) -> str:
        # In lower case, as create_user() stores a domain, a few letters become two.
        if len(value.lower()) > len(value):
            raise serializers.ValidationError("Enter a valid email address.")
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(**attrs))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def create(self, validated_data: dict[str, Any]) -> User:
        try:
            with transaction.atomic():
                return User.objects.create_user(**validated_data)
        except IntegrityError as error:
            # Between validation and now, somebody else has registered.
            raise serializers.ValidationError(
                {"non_field_errors": ["That username or e-mail address has just been taken."]}
            ) from error
