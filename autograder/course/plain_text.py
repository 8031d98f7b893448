"""Text that students had a hand in, made safe to show on a terminal."""


def plain(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
