

def days(value: str) -> int:
    """Read a number of days, 1 to 36500."""
    if not 1 <= number(value) <= 36500:
        raise ValueError("give a number of days.")
    return int(value)
