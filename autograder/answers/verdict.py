"""What a checker of answers says when an answer is not right: a fixed note and a kind hint."""


class WrongAnswer(AssertionError):  # noqa: N818  (a verdict on an answer, not an error of ours)
    """An answer that could be read and is wrong.

    `note` is the short, fixed name of the mistake, the same for every student, so that it can be
    counted; `hint` is a sentence for the student. Both are shown to students: neither ever holds a
    hidden input or an expected value. `credit` is the share of the claim's weight that is earned
    all the same.

    Raises: ValueError unless 0 <= credit < 1.
    """

    def __init__(self, note: str, hint: str, credit: float = 0.0) -> None:
        if not 0 <= credit < 1:
            raise ValueError(f"a wrong answer earns a share in [0, 1) of its claim, not {credit}")
        super().__init__(f"{note}: {hint}")
        self.note = note
        self.hint = hint
        self.credit = credit


class InvalidAnswer(WrongAnswer):
    """An answer that could not be read: the hint says where, and what was expected instead."""

    def __init__(self, hint: str) -> None:
        super().__init__("cannot be read", hint)


class UndecidedAnswer(Exception):  # noqa: N818  (a verdict too: nobody is at fault)
    """An answer that could be read and that a machine cannot judge: a person reads it.

    It is never a zero: the whole question waits for that person. `reason` is shown to the student.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def kind_of(value: object) -> str:
    """What a value is called in a hint: the name of its type, also of one in the sandbox."""
    tree = getattr(value, "wire_tree", None)  # a handle: tag, number, name of the type
    name = str(tree[2]) if isinstance(tree, list) and len(tree) == 3 else type(value).__name__
    return "None" if value is None else name[:40]
