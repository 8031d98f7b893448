"""Gradients against difference quotients."""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from course_lib.autograd.variable import Variable, grad


def numeric_vjp(
    f: Callable[[Float[Tensor, "..."]], Float[Tensor, "..."]],
    x: Float[Tensor, "..."],
    v: Float[Tensor, "..."],
    step: float | None = None,
) -> Float[Tensor, "..."]:
    """Return J(x)ᵀ v by central differences: entry i is ⟨v, f(x + h e_i) − f(x − h e_i)⟩ / 2h.

    h = ε^(1/3) max(1, |x_i|), where the truncation, of order h², and the rounding, of order ε/h,
    are alike; or `step` for every entry.

    Source: Nocedal and Wright, Numerical Optimization, 2nd ed., section 8.1.
    """
    result = torch.empty_like(x)
    for i in range(x.numel()):
        h = step or torch.finfo(x.dtype).eps ** (1 / 3) * max(1.0, x.flatten()[i].abs().item())
        change = torch.zeros_like(x)
        change.view(-1)[i] = h
        quotient = (f(x + change) - f(x - change)) / (2 * h)
        result.view(-1)[i] = (quotient * v).sum()
    return result


def gradcheck(
    f: Callable[..., Variable],
    *inputs: Float[Tensor, "..."],
    rtol: float = 1e-5,
    generator: torch.Generator | None = None,
) -> bool:
    """Whether the gradients of f agree with central differences at these inputs.

    One random seed v weighs the entries of f(x): a wrong entry of the Jacobian changes J(x)ᵀ v
    unless v is orthogonal to the error, which has probability 0. The difference is measured, input
    by input, relative to the larger of the two gradients. Differences err by some 1e-10 of the
    scale of f in float64: use that.

    Source: Griewank and Walther, Evaluating Derivatives, 2nd ed., section 1.2; torch.autograd's
        gradcheck, which checks each column instead.
    """
    variables = [Variable(x, requires_grad=True) for x in inputs]
    output = f(*variables)
    v = torch.randn(output.shape, generator=generator, dtype=output.data.dtype)
    v = v.to(output.data.device)
    gradients = grad(output, variables, seed=v)
    for k, (x, gradient) in enumerate(zip(inputs, gradients, strict=True)):

        def f_of_one(t: Float[Tensor, "..."], k: int = k) -> Float[Tensor, "..."]:
            return f(*(Variable(t if j == k else y) for j, y in enumerate(inputs))).data

        numeric = numeric_vjp(f_of_one, x, v)
        scale = max(numeric.abs().max().item(), gradient.data.abs().max().item())
        if not (numeric - gradient.data).abs().max().item() <= rtol * scale:
            return False
    return True
