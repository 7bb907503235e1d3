import io
import json
import logging
import runpy
import time

import pytest
from django.core.cache import cache, caches
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse
from django_redis.cache import RedisCache
from drf_spectacular.generators import SchemaGenerator
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import User
from api.throttling import reserved
from config import settings, urls


class HeldBody(io.BytesIO):
    """A request body that calls a function while it is read."""

    def __init__(self, body, happens):
        super().__init__(body)
        self.happens = happens

    def read(self, *args):
        self.happens()
        return super().read(*args)


@pytest.fixture
def before_save(monkeypatch):
    """Return a function that makes a concurrent change just before an object is saved."""

    def before_save(model, change):
        save = model.save

        def save_after_change(self, *args, **kwargs):
            change()
            save(self, *args, **kwargs)

        monkeypatch.setattr(model, "save", save_after_change)

    return before_save


@pytest.fixture
def fail_with(monkeypatch):
    """Return a function that makes the view of `me/` raise an error."""

    def fail_with(error):
        def fail(*args):
            raise error

        monkeypatch.setattr("accounts.serializers.UserSerializer.to_representation", fail)

    return fail_with


@pytest.fixture
def show_request(monkeypatch):
    """Return a function that makes a serializer return the method and path of its request."""

    def show_request(serializer_class):
        def to_representation(self, instance):
            request = self.context["request"]
            return {request.method: request.path}

        monkeypatch.setattr(serializer_class, "to_representation", to_representation)

    return show_request


@pytest.fixture
def send(user_client):
    """Return a function that sends a request and calls `happens` while its body is read."""

    def send(method, url, data, happens=lambda: None, missing=0):
        body = json.dumps(data).encode()
        return user_client.generic(
            method,
            url,
            content_type="application/json",
            CONTENT_LENGTH=str(len(body) + missing),
            **{"wsgi.input": HeldBody(body, happens)},
        )

    return send


@pytest.fixture(params=["deactivated", "deleted"])
def revoke(request, user):
    users = User.objects.filter(pk=user.pk)
    return users.delete if request.param == "deleted" else lambda: users.update(is_active=False)


@pytest.fixture
def vary(user_client):
    """Return the header that authenticates the user."""
    names = [name for name in user_client._credentials if name != "HTTP_X_CSRFTOKEN"]
    return names[0].removeprefix("HTTP_").replace("_", "-").title() if names else "Cookie"


@pytest.fixture
def log():
    """Return a function that returns what the console handler wrote: one JSON object per line."""
    (console,) = (h for h in logging.getLogger().handlers if h.name == "console")
    stream = io.StringIO()
    previous = console.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    console.setStream(previous)


@pytest.fixture
def logged_events(log):
    """Return a function that returns the users and request ids of an event in the audit log."""

    def logged_events(event):
        lines = [line for line in log() if line["name"] == "security" and line["event"] == event]
        return [(line["user_id"], line["request_id"]) for line in lines]

    return logged_events


@pytest.fixture
def log_in(db):
    """Return a function that logs in to the admin, by default with wrong credentials."""

    def log_in(username="nobody", password=None, **extra):
        data = {"username": username, "password": password or "wrong"}
        return Client().post(reverse("admin:login"), data, **extra)

    return log_in


@pytest.fixture
def load_settings(monkeypatch):
    """Return a function that runs config/settings.py with the given environment variables."""

    def load_settings(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(settings.__file__)

    return load_settings


@pytest.fixture
def apply_settings(load_settings, settings):
    """Return a function that applies the settings of HTTPS and cookies for the given variables."""

    def apply_settings(**variables):
        for name, value in load_settings(**variables).items():
            if name.startswith(("CSRF_COOKIE_", "SECURE_", "SESSION_COOKIE_")):
                setattr(settings, name, value)

    return apply_settings


@pytest.fixture
def require_https(apply_settings):
    """Apply the default of production."""
    apply_settings(SECURE_SSL_REDIRECT="")


@pytest.fixture
def development(load_settings, settings, monkeypatch):
    """Apply the settings of development to the URLs and to the view of `me/`."""
    loaded = load_settings(DEBUG="true")
    settings.DEBUG = True
    settings.CONTENT_SECURITY_POLICY = loaded["CONTENT_SECURITY_POLICY"]
    settings.REST_FRAMEWORK = loaded["REST_FRAMEWORK"]
    settings.ROOT_URLCONF = tuple(runpy.run_path(urls.__file__)["urlpatterns"])
    # Views read these settings when they are imported.
    view = resolve(reverse("me")).func.cls
    monkeypatch.setattr(view, "renderer_classes", api_settings.DEFAULT_RENDERER_CLASSES)
    monkeypatch.setattr(view, "authentication_classes", api_settings.DEFAULT_AUTHENTICATION_CLASSES)


@pytest.fixture
def set_rate(monkeypatch):
    """Return a function that sets the rate of a throttle; None turns it off."""

    def set_rate(scope, rate):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, rate)
        reserved.clear()

    return set_rate


@pytest.fixture
def pass_time(monkeypatch):
    """Stop the clock. Return a function that moves it forward."""
    now = time.time()

    def pass_time(seconds):
        nonlocal now
        now += seconds
        if isinstance(caches["default"], RedisCache):  # the server has its own clock
            for key in cache.iter_keys("*"):
                cache.pexpire(key, cache.pttl(key) - int(1000 * seconds))

    monkeypatch.setattr("time.time", lambda: now)
    return pass_time


@pytest.fixture
def cache_calls(monkeypatch):
    """Return a list that records each call of the cache, which is a round trip to Redis."""
    calls = []
    backend = type(caches["default"])

    def record(name, method):
        def recorded(*args, **kwargs):
            calls.append(name)
            return method(*args, **kwargs)

        monkeypatch.setattr(backend, name, recorded)

    for name in ("add", "delete", "get", "get_many", "has_key", "incr", "set", "touch"):
        record(name, getattr(backend, name))
    return calls


@pytest.fixture
def trust_proxy(load_settings, settings):
    """Set NUM_PROXIES to 1."""
    settings.REST_FRAMEWORK = load_settings(NUM_PROXIES="1")["REST_FRAMEWORK"]


@pytest.fixture(scope="session")
def document():
    """Return the OpenAPI document, which takes a long time to generate. Do not change it."""
    return SchemaGenerator().get_schema(public=True)


@pytest.fixture(scope="session")
def operations(document):
    """Return the operations of the OpenAPI document by their ids."""
    return {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }


def schema_name(message):
    schema = message.get("content", {}).get("application/json", {}).get("schema", {})
    return schema.get("items", schema).get("$ref", "").rpartition("/")[2] or None


@pytest.fixture(scope="session")
def body_names():
    """Return a function that returns the names of the request schema and the response schema."""

    def body_names(operation):
        (success,) = (operation["responses"][code] for code in operation["responses"] if code < "3")
        return schema_name(operation.get("requestBody", {})), schema_name(success)

    return body_names


@pytest.fixture(scope="session")
def statuses():
    """Return a function that returns the status codes that only some operations have."""

    def statuses(operation):
        common = {"401", "403", "406", "429", "503"}
        if "requestBody" in operation:
            common |= {"400", "413", "415"}
        success = min(operation["responses"])
        common.add("200" if "content" in operation["responses"][success] else "204")
        return operation["responses"].keys() - common

    return statuses


@pytest.fixture
def send_examples(document, login_as, staff):
    """
    Return a function that sends the examples of the operations whose ids start with a prefix.

    It returns the ids of the operations without an example, such as those that need a token.
    """

    def send_examples(prefix):
        requests = [
            (url, method, operation)
            for url, methods in document["paths"].items()
            for method, operation in methods.items()
            if operation["operationId"].startswith(prefix) and "requestBody" in operation
        ]
        # Create objects first. Nothing else is saved, so that the order does not matter.
        requests.sort(key=lambda request: "201" not in request[2]["responses"])
        pk, without_example = None, set()
        for url, method, operation in requests:
            body = operation["requestBody"]["content"]["application/json"]
            if "examples" not in body:
                without_example.add(operation["operationId"])
                continue
            (example,) = body["examples"].values()
            schema = document["components"]["schemas"][schema_name(operation["requestBody"])]
            assert example["value"].keys() <= schema["properties"].keys()
            with transaction.atomic():
                send = getattr(login_as(staff), method)
                response = send(url.replace("{id}", str(pk)), example["value"])
                assert str(response.status_code) == min(operation["responses"]), response.content
                is_new = response.status_code == 201
                pk = response.data.get("id") if is_new else pk
                transaction.set_rollback(not is_new)
        return without_example

    return send_examples
