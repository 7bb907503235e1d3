import datetime
import json
from decimal import Decimal

import pytest
from django.utils.functional import lazystr
from rest_framework import renderers

from api.renderers import JSONRenderer

TIME = datetime.datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {"text": "Zo\u00eb \U0001f600 </script>", "numbers": [1, 1.5, 2**64], "nothing": None},
        {"time": TIME, "whole": TIME.replace(microsecond=0), "date": TIME.date()},
        {1: "integer key", "decimal": Decimal("1.50"), "lazy": lazystr("text")},
    ],
)
def test_json_is_the_same_as_that_of_rest_framework(data):
    assert JSONRenderer().render(data) == renderers.JSONRenderer().render(data)


def test_client_can_ask_for_indented_json():
    text = JSONRenderer().render({"a": [1]}, "application/json; indent=2").decode()
    assert text == json.dumps({"a": [1]}, indent=2)
