class RegisterView(CreateAPIView[User]):
    """Create an account. It is not logged in yet."""

    authentication_classes = []
    permission_classes = [AllowAny]
    throttle_classes = [LoginThrottle]
    serializer_class = RegisterSerializer


class PasswordView(APIView):
    """Change the password. Whatever was issued to the user before ends."""

    @extend_schema(request=PasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        user = cast(User, request.user)
        serializer = PasswordSerializer(user, data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(status=status.HTTP_204_NO_CONTENT)
