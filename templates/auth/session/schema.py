from drf_spectacular.authentication import SessionScheme


class CookieScheme(SessionScheme):
    target_class = "authentication.authentication.SessionAuthentication"
