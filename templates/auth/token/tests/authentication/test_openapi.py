from django.urls import reverse


def test_schema_documents_success_status_codes(schema):
    documented = {
        path: {method: list(operation["responses"]) for method, operation in operations.items()}
        for path, operations in schema["paths"].items()
        if "/auth/" in path
    }
    assert documented == {
        reverse("login"): {"post": ["200"]},
        reverse("logout"): {"post": ["204"]},
        reverse("register"): {"post": ["201"]},
        reverse("password-change"): {"post": ["204"]},
        reverse("password-reset"): {"post": ["204"]},
        reverse("password-reset-confirm"): {"post": ["204"]},
    }
