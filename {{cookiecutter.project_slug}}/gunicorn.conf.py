"""How requests are served: see https://docs.gunicorn.org/en/stable/settings.html."""

wsgi_app = "config.wsgi"
bind = "0.0.0.0:8000"

# WEB_CONCURRENCY says how many processes there are, if not one. More than one need CACHE_URL.
worker_class = "gthread"
threads = 4
# A wrong setting stops the start, rather than one worker after the other.
preload_app = True

# Seconds that requests have to end in when the server is told to stop. Docker and Kubernetes kill
# it after 10 and 30, unless told otherwise.
graceful_timeout = 25
# Seconds that a connection is kept for a client's next request: longer than proxies keep it.
keepalive = 75

# Whether a proxy is believed is said by NUM_PROXIES, and judged by Django alone.
forwarded_allow_ips = ""
# Signals are enough to control it.
control_socket_disable = True

# Its lines go where Django's go, and look like them.
logconfig_dict = {
    "root": {},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True}},
}
