from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework import renderers


class JSONRenderer(renderers.JSONRenderer):
    """Render JSON with orjson, which is faster, or with DRF if orjson does not support the data."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        indent = self.get_indent(accepted_media_type or "", renderer_context or {})
        if data is not None and not indent:
            try:
                return orjson.dumps(data, self.encoder_class().default, orjson.OPT_UTC_Z)
            except TypeError:
                pass
        return super().render(data, accepted_media_type, renderer_context)
