

def signing_key(value: str) -> str:
    """Read a key of at least 64 bytes."""
    if len(value.encode()) < 64:
        raise ValueError("give at least 64 bytes.")
    return value
