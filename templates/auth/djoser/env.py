# {% include "shared/env_days.py" %}


def url(value: str) -> str:
    """Read the URL of a site or a page."""
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
        raise ValueError("give a URL such as https://app.example.com.")
    return value.rstrip("/")


def email(value: str) -> dict[str, Any]:
    """Read the URL of a mail server, into Django's settings for it."""
    if not re.match(r"(smtp(\+tls|\+ssl)?|consolemail|memorymail)://", value):
        raise ValueError("give a URL such as smtp+tls://user:password@host:587.")
    config: dict[str, Any] = env.email_url_config(value)
    return config
