"""See https://docs.gunicorn.org/en/stable/settings.html for all settings."""

import gc
from typing import Any

wsgi_app = "config.wsgi"
bind = "0.0.0.0:8000"

# WEB_CONCURRENCY sets the number of workers (default: 1). More than one worker requires CACHE_URL.
worker_class = "gthread"
threads = 4
# Fail at startup if a setting is wrong, not in each worker.
preload_app = True

# Seconds to finish requests after a stop signal. Docker kills a container after 10 seconds and
# Kubernetes after 30, unless configured otherwise.
graceful_timeout = 25
# Seconds to keep an idle connection open. Proxies must close it first, or requests can fail.
keepalive = 75

# Trust no proxy headers here: Django decides which proxies to trust, based on NUM_PROXIES.
forwarded_allow_ips = ""

# Signals control the server; it needs no socket for that.
control_socket_disable = True

# Log through Django's handlers.
logconfig_dict = {
    "root": {},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True}},
}


def when_ready(server: Any) -> None:
    """Exempt what is loaded before the workers start from garbage collection, to save time."""
    gc.collect()
    gc.freeze()
