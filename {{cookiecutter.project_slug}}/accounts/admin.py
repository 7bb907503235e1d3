from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import admin as auth_admin
from django.http import HttpRequest

from accounts.models import User


class LoginForm(AdminAuthenticationForm):
    request: HttpRequest

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        # Django would keep the session key of a user who logs in again.
        self.request.session.flush()


admin.site.login_form = LoginForm


@admin.register(User)
class UserAdmin(auth_admin.UserAdmin):
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2"),
            },
        ),
    )
