import pytest
from django.urls import reverse_lazy

LIVE_URL = reverse_lazy("health-live")


@pytest.mark.parametrize("given", ["trace-1.A_b", "x" * 64])
def test_response_repeats_well_formed_request_id(api_client, given):
    assert api_client.get(LIVE_URL, HTTP_X_REQUEST_ID=given)["X-Request-ID"] == given


@pytest.mark.parametrize("given", [None, "", "a b", "<script>", "x" * 65, "é"])
def test_missing_or_malformed_request_id_is_replaced(api_client, given):
    headers = {} if given is None else {"HTTP_X_REQUEST_ID": given}
    first = api_client.get(LIVE_URL, **headers)["X-Request-ID"]
    second = api_client.get(LIVE_URL, **headers)["X-Request-ID"]
    assert first
    assert len({given, first, second}) == 3


def test_error_response_has_request_id(api_client):
    response = api_client.get("/api/nowhere/")
    assert response.status_code == 404
    assert response["X-Request-ID"]
