"""Objects that stay in the sandbox: every use of one is a message to the student's process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from autograder.grading.raised import student_raised
from autograder.grading.session import Raised

_T = TypeVar("_T")


class HandleAskedError(AssertionError, TypeError):
    """A test asked one of the student's own objects whether something is true."""


class Owner(Protocol):
    """What a handle needs of the notebook it belongs to."""

    @property
    def generation(self) -> int: ...
    def call(self, function: Handle, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...
    def operate(self, operator: str, *args: Any) -> Any: ...


class Handle:
    """An object that stays in the sandbox: every use of it is a message.

    Its own attributes are named so that no student's are hidden by them: `wire_tree` is how it is
    told to the sandbox, `wire_name` the notebook's name for it where it has one, `wire_generation`
    the sandbox that it lives in.
    """

    _link: Owner
    wire_tree: list[Any]
    wire_name: str
    wire_generation: int

    def __init__(self, link: Owner, tree: list[Any], name: str = "") -> None:
        own = {"_link": link, "wire_name": name, "wire_generation": link.generation}
        self.__dict__.update(own, wire_tree=["h", tree[1], str(tree[2])[:100]])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._link.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # numpy and copy ask for many; none is the student's
            raise AttributeError(name)
        return self._operate("getattr", self, name)

    def __setattr__(self, name: str, value: object) -> None:
        self._operate("setattr", self, name, value)

    def _operate(self, operator: str, *args: Any) -> Any:
        return self._link.operate(operator, *args)

    def __bool__(self) -> bool:
        raise HandleAskedError(
            "an object in the sandbox has no truth value; compare data instead, "
            "as in `float(x) == 1` or `np.allclose(student.f(x), y)`"
        )

    def __repr__(self) -> str:
        return f"<{self.wire_tree[2]} in the sandbox>"

    def __len__(self) -> int:
        return _plain(self._operate("len", self), int)

    def __float__(self) -> float:
        return _plain(self._operate("float", self), float)

    def __int__(self) -> int:
        return _plain(self._operate("int", self), int)

    def __str__(self) -> str:
        return _plain(self._operate("str", self), str)

    def __iter__(self) -> Iterator[Any]:
        iterator = self._operate("iter", self)
        while True:
            try:
                yield self._operate("next", iterator)
            except StopIteration:
                return

    def __enter__(self) -> Any:
        return self._operate("enter", self)

    def __exit__(self, *_: object) -> None:
        self._operate("exit", self)

    def __getitem__(self, key: object) -> Any:
        return self._operate("getitem", self, key)

    def __setitem__(self, key: object, value: object) -> None:
        self._operate("setitem", self, key, value)

    __hash__ = object.__hash__
    __array_ufunc__ = None  # NumPy then leaves `array + handle` to the handle


def _refuse_comparison(self: Handle, other: object) -> bool:
    """Whether two things are equal is not for one of the student's objects to say."""
    raise HandleAskedError(f"{self!r} where a value is asked for, beside {type(other).__name__}")


def _binary(name: str, swapped: bool) -> Callable[[Handle, object], Any]:
    def operate(self: Handle, other: object) -> Any:
        pair = (other, self) if swapped else (self, other)
        return self._operate(name, *pair)

    return operate


for _name in "add sub mul truediv floordiv mod pow matmul lshift rshift and or xor".split():
    _operator = f"{_name}_" if _name in ("and", "or") else _name
    setattr(Handle, f"__{_name}__", _binary(_operator, swapped=False))
    setattr(Handle, f"__r{_name}__", _binary(_operator, swapped=True))
for _name in "lt le gt ge eq ne".split():
    setattr(Handle, f"__{_name}__", _refuse_comparison)
for _name in "neg pos abs invert".split():
    setattr(Handle, f"__{_name}__", lambda self, _name=_name: self._operate(_name, self))


def _plain(value: Any, kind: type[_T]) -> _T:
    if not isinstance(value, kind):
        raise student_raised(Raised("TypeError", f"expected {kind.__name__}", ()))
    return value
