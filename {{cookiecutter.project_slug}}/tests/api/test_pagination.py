from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from api.pagination import PageNumberPagination


def test_list_that_is_not_a_query_is_paginated():
    paginator = PageNumberPagination()
    request = Request(APIRequestFactory().get("/", {"page_size": 2, "page": 2}))
    assert paginator.paginate_queryset([1, 2, 3], request) == [3]
    assert paginator.get_paginated_response([3]).data["count"] == 3
