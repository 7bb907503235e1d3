from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS


class SessionAuthenticationScheme(OpenApiAuthenticationExtension):
    target_class = "authentication.authenticators.SessionAuthentication"
    name = ["sessionCookie", "csrfToken"]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return [
            {
                "type": "apiKey",
                "in": "cookie",
                "name": "__Host-sessionid",
                "description": "The session; its name is `sessionid` without HTTPS.",
            },
            {
                "type": "apiKey",
                "in": "header",
                "name": "X-CSRFToken",
                "description": "The token that `/api/v1/auth/csrf/` or the last login returned.",
            },
        ]

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        is_safe = auto_schema.method in SAFE_METHODS
        return {name: [] for name in (self.name[:1] if is_safe else self.name)}

    def get_errors(self, auto_schema: AutoSchema) -> set[str]:
        # With an invalid session, a request is anonymous.
        return set() if auto_schema.method in SAFE_METHODS else {"403"}


class CSRFProtectionScheme(OpenApiAuthenticationExtension):
    target_class = "authentication.authenticators.CSRFProtection"
    name = []  # SessionAuthenticationScheme defines the token

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, str]]:
        return []

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {"csrfToken": []}

    def get_errors(self, auto_schema: AutoSchema) -> set[str]:
        return {"403"}
