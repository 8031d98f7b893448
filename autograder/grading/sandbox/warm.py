"""What the fork server does once, so that no submission pays for it: first uses, and huge pages.

The first traceback, the first figure and the first simplification load modules, fonts and tables.
They are made here before any student code is there. And a fork copies an entry for each page that
the server holds, 55,000 of them; of pages of 2 MiB it copies a hundred (madvise(2), MADV_COLLAPSE).
"""

from __future__ import annotations

import ctypes
import io
import sys
from pathlib import Path
from typing import Any

from .shell import NotebookShell

MADV_COLLAPSE = 25  # since Linux 6.1
HUGE_PAGE = 2**21

_libc = ctypes.CDLL(None, use_errno=True)


def warm_up(shell: NotebookShell) -> None:
    """Does what nearly every notebook does; the shell is as new afterwards.

    Of torch nothing is called: its threads would not survive a fork.
    """
    before = dict(shell.user_ns)
    for cell in ("1 + 1", "def f():\n    raise NotImplementedError()\n\n\nf()"):
        shell.run(cell, "warm", 2**20)
    shell.reset(new_session=True)
    for name, value in before.items():
        shell.user_ns.setdefault(name, value)
    if "matplotlib.pyplot" in sys.modules:
        _draw(sys.modules["matplotlib"])
    if "sympy" in sys.modules:
        _simplify(sys.modules["sympy"])


def _draw(matplotlib: Any) -> None:
    """A figure that no list of figures knows, in the ways in which a notebook shows one."""
    import matplotlib_inline.backend_inline  # noqa: F401, PLC0415  # what a notebook draws with
    from matplotlib import font_manager, mathtext  # noqa: PLC0415  # where there is matplotlib
    from matplotlib.figure import Figure  # noqa: PLC0415  # the same

    with matplotlib.rc_context():
        left, right = Figure().subplots(1, 2)
        left.plot([0, 1], [1, 2], label="$x^2$")
        left.set_title(r"$\|x\|_p$")
        left.legend()
        right.imshow([[0, 1], [1, 2]])
        right.contour([[0, 1], [1, 2]])
        left.figure.tight_layout()
        left.figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    _forget(font_manager, "_get_font")
    _forget(mathtext.MathTextParser, "_parse_cached")


def _forget(owner: Any, name: str) -> None:
    """Empties one of matplotlib's caches of open fonts: no fork inherits their files.

    Both are private. With a matplotlib that names them otherwise a session inherits some fonts,
    open to be read, as any notebook may open them.
    """
    if clear := getattr(getattr(owner, name, None), "cache_clear", None):
        clear()


def _simplify(sympy: Any) -> None:
    x, n = sympy.Symbol("x"), sympy.Symbol("n", positive=True)
    sympy.latex(sympy.simplify(sympy.diff(x**2 * sympy.sin(x), x) / x))
    sympy.nsimplify(2**0.5, [sympy.sqrt(2)])
    sympy.lambdify(x, sympy.exp(-(x**2)) + sympy.log(n))
    str(sympy.expand((x + n) ** 3))
    sympy.Matrix([[n, 1], [0, n]]).det()


def gather_pages() -> int:
    """Puts this process's memory into huge pages; returns how many. None on older kernels."""
    made = 0
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        where, rights, *_, name = [*line.split(maxsplit=5), ""][:6]
        if rights != "rw-p" or name.strip() not in ("", "[heap]"):
            continue
        begin, end = (int(part, 16) for part in where.split("-"))
        for page in range(-(-begin // HUGE_PAGE) * HUGE_PAGE, end - HUGE_PAGE + 1, HUGE_PAGE):
            size = ctypes.c_size_t(HUGE_PAGE)
            made += _libc.madvise(ctypes.c_void_p(page), size, MADV_COLLAPSE) == 0
    return made
