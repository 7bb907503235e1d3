from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS


class SessionTokenAuthenticationScheme(OpenApiAuthenticationExtension):
    target_class = "authentication.authenticators.SessionTokenAuthentication"
    name = "sessionToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "For apps: the token that the last login returned.",
        }


class SessionAuthenticationScheme(OpenApiAuthenticationExtension):
    target_class = "rest_framework.authentication.SessionAuthentication"
    name = ["sessionCookie", "csrfToken"]
    priority = 1  # instead of the scheme of drf-spectacular, which has no CSRF token

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-sessionid",
                "description": "For browsers: the session; its name is `sessionid` without HTTPS.",
            },
            {
                "type": "apiKey",
                "in": "header",
                "name": "X-CSRFToken",
                "description": "`meta.csrf_token` of responses below `/api/v1/auth/browser/v1/`.",
            },
        ]

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        is_safe = auto_schema.method in SAFE_METHODS
        return {name: [] for name in (self.name[:1] if is_safe else self.name)}

    def get_errors(self, auto_schema: AutoSchema) -> set[str]:
        # With an invalid session, a request is anonymous.
        return set() if auto_schema.method in SAFE_METHODS else {"403"}
