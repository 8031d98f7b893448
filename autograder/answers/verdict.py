"""What a checker of answers says when an answer is not right: a fixed note and a kind hint."""


class WrongAnswer(AssertionError):  # noqa: N818  (a verdict on an answer, not an error of ours)
    """An answer that could be read and is wrong.

    `note` is the short, fixed name of the mistake, the same for every student, so that it can be
    counted; `hint` is a sentence for the student. Both are shown to students: neither ever holds a
    hidden input or an expected value.
    """

    def __init__(self, note: str, hint: str) -> None:
        super().__init__(f"{note}: {hint}")
        self.note = note
        self.hint = hint


class InvalidAnswer(WrongAnswer):
    """An answer that could not be read: the hint says where, and what was expected instead."""

    def __init__(self, hint: str) -> None:
        super().__init__("cannot be read", hint)


def kind_of(value: object) -> str:
    """What a value is called in a hint: the name of its type, also of one in the sandbox."""
    tree = getattr(value, "tree", None)  # a handle: tag, number, name of the type
    name = str(tree[2]) if isinstance(tree, list) and len(tree) == 3 else type(value).__name__
    return "None" if value is None else name[:40]
