import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework import parsers
from rest_framework.exceptions import ParseError


class JSONParser(parsers.JSONParser):
    """Parse JSON and reject values that cannot be stored or returned as JSON."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            # Without a context, the encoding is UTF-8, not the one that the client names.
            data = super().parse(stream, media_type)
            # Infinity (such as 1e999) and lone surrogates raise ValueError here.
            json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error
        except ValueError as error:
            raise ParseError("JSON parse error - number out of range or invalid Unicode") from error
        return data
