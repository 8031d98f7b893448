"""Automatic differentiation: a define-by-run engine over torch tensors, and dual numbers.

`order` sorts a graph; `tape` records and walks it backwards; `variable` holds one rule for each
operation; `checking` compares gradients with differences; `drawing` shows a graph; `dual` and
`jets` go forwards.
"""

from course_lib.autograd.checking import gradcheck, numeric_vjp
from course_lib.autograd.drawing import to_mermaid, to_svg
from course_lib.autograd.dual import Dual, derivative
from course_lib.autograd.jets import Jet
from course_lib.autograd.order import topo_sort
from course_lib.autograd.tape import is_recording, no_grad
from course_lib.autograd.variable import Variable, grad

__all__ = [
    "Dual",
    "Jet",
    "Variable",
    "derivative",
    "grad",
    "gradcheck",
    "is_recording",
    "no_grad",
    "numeric_vjp",
    "to_mermaid",
    "to_svg",
    "topo_sort",
]
