"""Tracebacks as IPython writes them, in a fiftieth of the time.

IPython asks for the module of each frame, which looks at every module that is imported: 30 ms a
frame where torch and SymPy are. A notebook that is half blank raises in half of its cells.
"""

from __future__ import annotations

import linecache
from pathlib import Path
from types import TracebackType
from typing import Any

import IPython
from IPython.core.tbtools import FrameInfo
from IPython.core.ultratb import FAST_THRESHOLD, AutoFormattedTB
from stack_data import core as stack_data

_IPYTHON = str(Path(IPython.__file__).parent)


class Traceback(AutoFormattedTB):
    """IPython's formatter, which finds a frame's source by the name of its file alone."""

    def get_records(self, etb: TracebackType, context: int, tb_offset: int) -> Any:  # noqa: ARG002  # IPython's signature
        after = (context - 1) // 2
        options = stack_data.Options(before=context - 1 - after, after=after)
        frames: Any = stack_data.FrameInfo.stack_data(etb, options=options)
        return [record for info in frames if (record := _record(info, context)) is not None]


def _record(info: Any, context: int) -> FrameInfo | None:
    """A frame with the lines around it, without them where there are none or too many to read;
    None for IPython's own."""
    if isinstance(info, stack_data.RepeatedFrames):
        return FrameInfo._from_stack_data_FrameInfo(info)
    if info.filename.startswith(_IPYTHON):
        return None
    if 0 < len(linecache.getlines(info.filename)) <= FAST_THRESHOLD:
        return FrameInfo._from_stack_data_FrameInfo(info)
    code = info.frame.f_code
    return FrameInfo("Raw frame", info.filename, info.lineno, info.frame, code, context=context)
