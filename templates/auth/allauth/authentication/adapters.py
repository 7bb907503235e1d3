from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.adapter import DefaultHeadlessAdapter
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from rest_framework.exceptions import Throttled

from accounts.models import User
from api.audit import log_event
from authentication.mail import send_in_background

RESET_EMAILS = {"account/email/password_reset_key", "account/email/unknown_account"}


def conflict() -> ImmediateHttpResponse:
    """Return an exception that ends the request with the status 409."""
    return ImmediateHttpResponse(JsonResponse({"status": 409}, status=409))


class AccountAdapter(DefaultAccountAdapter):
    """Adapt allauth to the project: see `ACCOUNT_ADAPTER`."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check a password by username, so that all checks of an account count together."""
        email = credentials.pop("email", None)
        if "username" not in credentials:
            # The database can use the unique index for this expression.
            users = User.objects.alias(lower_email=Lower("email")).exclude(email="")
            user = users.filter(lower_email=email.lower()).first()
            credentials["username"] = user.get_username() if user else email
        try:
            return super().authenticate(request, **credentials)
        except Throttled:
            raise self.validation_error("too_many_login_attempts") from None

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        request.session["password_at_login"] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: User) -> None:
        # A login that waits for a code must not outlive a change of the password.
        if request.session.pop("password_at_login", "") != user.get_session_auth_hash():
            raise conflict()
        super().login(request, user)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        # Names that differ only in the form of their characters would look alike.
        if username != User.normalize_username(username):
            raise ValidationError("Use standard forms of characters (Unicode NFKC).")
        return super().clean_username(username, shallow)

    def save_user(
        self, request: HttpRequest, user: User, form: forms.Form, commit: bool = True
    ) -> User:
        try:
            with transaction.atomic():
                return super().save_user(request, user, form, commit)
        except IntegrityError as error:
            # A concurrent sign-up has taken the username or the address.
            raise conflict() from error

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError as error:
            # The address belongs to another user, who has not verified it.
            raise conflict() from error

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        # Only the first of concurrent requests with the same link or password changes it.
        users = User.objects.select_for_update()
        if not users.filter(pk=user.pk, password=user.password, is_active=True):
            raise conflict()
        user.set_password(password)
        # Saving all columns would undo concurrent changes.
        user.save(update_fields=["password"])

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if template_prefix in RESET_EMAILS:
            user = context.get("user")
            log_event("password_reset_requested", user.pk if user else None)
        site = {"name": settings.PROJECT_NAME, "domain": settings.FRONTEND_URL}
        context = {**context, "request": self.request, "email": email, "current_site": site}
        send_in_background(self.render_mail(template_prefix, email, context))


class HeadlessAdapter(DefaultHeadlessAdapter):
    """Adapt allauth's API to the project: see `HEADLESS_ADAPTER`."""

    def populate_response_meta(self, request: Any, meta: dict[str, Any]) -> None:
        """Add the CSRF token: a front end on another origin cannot read the cookie."""
        if request.allauth.headless.client == "browser":
            meta["csrf_token"] = get_token(request)
