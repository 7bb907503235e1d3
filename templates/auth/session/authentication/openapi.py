from drf_spectacular.authentication import SessionScheme


class SessionAuthenticationScheme(SessionScheme):
    target_class = "authentication.authenticators.SessionAuthentication"
