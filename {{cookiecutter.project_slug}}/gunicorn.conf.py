"""See https://docs.gunicorn.org/en/stable/settings.html for all settings."""

import gc
from typing import Any

from gunicorn import glogging

wsgi_app = "config.wsgi"
bind = "0.0.0.0:8000"

# WEB_CONCURRENCY sets the number of workers.
worker_class = "gthread"
threads = 4
# Fail at startup if a setting or a view is wrong, not in each worker.
preload_app = True

# Seconds to finish requests after a stop signal. Docker kills a container after 10 seconds and
# Kubernetes after 30, unless configured otherwise.
graceful_timeout = 25
# Seconds to keep an idle connection open. Proxies must close it first, or requests can fail.
keepalive = 75

# Accept URLs that are as long as nginx accepts. Gunicorn's own error is HTML without a request id.
limit_request_line = 8190

# Trust no proxy headers here: Django decides which proxies to trust, based on NUM_PROXIES.
forwarded_allow_ips = ""

# Signals control the server; it needs no socket for that.
control_socket_disable = True


class Logger(glogging.Logger):
    """
    Log through Django's handlers.

    With `logconfig_dict` instead, Gunicorn would compose an access log entry for each request.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


logger_class = Logger


def when_ready(server: Any) -> None:
    """Exempt what is loaded before the workers start from garbage collection, to save time."""
    gc.collect()
    gc.freeze()
