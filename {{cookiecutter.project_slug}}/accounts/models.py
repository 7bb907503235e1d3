from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """Who calls: a person, or a service account without an e-mail address."""

    class Meta(AbstractUser.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="unique_email",
                violation_error_message="A user with that e-mail address already exists.",
            )
        ]
