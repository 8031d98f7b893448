"""Derivations: lines that follow from one another, from the question to the goal.

An answer is a list of pairs (relation, expression), the first of them the question. What is asked
of it, in this order:

1. The first line has the form of the question, and the relation "=" or "".
2. Every step holds under its relation, "=", "<=" or ">=", wherever the question has a value. This
   is decided at points of the domain, special ones among them: a step that fails at one is refuted,
   and one that holds at all is taken to hold. A line without a value where the question has one
   fails. "<=" between two equal lines holds.
3. No line is a copy: none has the form of any earlier line (`forms.py`: the order of terms,
   brackets and plain arithmetic make no new form).
4. The last line has the form of the goal.
5. There is no jump: at least `least_steps` steps, and every milestone stands, in the order given,
   on a line between the first and the last.

The number of steps alone can be met by padding (add something and take it off again): where that
matters, name milestones. A sum over n terms is given for n = 3, written out, with a symbol for each
term: an unevaluated Sum or Integral is not read. A Derivative is (`slopes.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from autograder.answers.derivation_lines import Line, holds_at, plainness, read_relation, witness
from autograder.answers.domains import Domain, Point, names, sample
from autograder.answers.expressions import MIN_POINTS, read_expression, require_symbols
from autograder.answers.forms import form
from autograder.answers.precision import exact
from autograder.answers.reading import read_list
from autograder.answers.slopes import prepare
from autograder.answers.verdict import InvalidAnswer, UndecidedAnswer, WrongAnswer

MAX_LINES = 30
MAX_COST = 5000  # nodes visited for one point, all lines together: a second for all points


@dataclass(frozen=True, slots=True)
class Milestone:
    """A line that the way has to pass through.

    It has one of `forms`; or it holds a part of each form in `contains`, and no node of a kind in
    `without`, as in (sp.Derivative,); or `shows` says so. `shows` gets the SymPy expression, with
    nothing evaluated where it was typed, and only looks at it: what computes with a student's
    expression (subs, expand, simplify) can take for ever. `hint` tells a student whose lines miss
    it what is missing, without giving it.
    """

    hint: str
    forms: Sequence[object] = ()
    contains: Sequence[object] = ()
    without: tuple[type[sp.Basic], ...] = ()
    shows: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Derivation:
    """A question, a goal, and what may stand between.

    `domains` names every symbol that may occur, and `where` is a condition between them. `credit`
    is the share that a derivation with all milestones and a bad step after them earns; it is less
    with fewer.

    Raises: ValueError for relations that prove nothing together, or no steps at all.
    """

    first: object
    last: object
    domains: Mapping[str, Domain]
    relations: Sequence[str] = ("=",)
    least_steps: int = 2
    milestones: Sequence[Milestone] = ()
    credit: float = 0.5
    where: Callable[[Point], bool] | None = None

    def __post_init__(self) -> None:
        if not set(self.relations) <= {"=", "<=", ">="} or {"<=", ">="} <= set(self.relations):
            raise ValueError(
                f"relations {self.relations} prove nothing; use '=' and one of '<=', '>='"
            )
        if self.least_steps < 1:
            raise ValueError(f"{self.least_steps} steps are no derivation; ask for at least one")


def require_derivation(
    steps: object, derivation: Derivation, what: str = "your derivation"
) -> None:
    """Passes where the steps lead from the question to the goal by the rules above.

    Raises: WrongAnswer named "not the question", "a step does not hold", "a step is a copy", "not
    the goal" or "a jump", which tells the number of the first bad step; InvalidAnswer where a line
    cannot be read; UndecidedAnswer where too few points decide a step.
    """
    judge = _Judge(derivation)
    lines = judge.read(steps, what)
    judge.require_question(lines[0])
    for number in range(1, len(lines)):
        judge.require_step(lines, number)
    judge.require_goal(lines)
    judge.require_no_jump(lines)


class _Judge:
    """One derivation with its points, ready to judge one answer."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.points = sample(derivation.domains, where=derivation.where)
        self.names = names(derivation.domains)
        self.positive = [n for n in self.names if all(p[n] > 0 for p in self.points)]

    def read(self, steps: object, what: str) -> list[Line]:
        """The lines of an answer. Raises: InvalidAnswer where one cannot be read."""
        entries = read_list(steps, what, MAX_LINES)
        if not entries:
            raise InvalidAnswer(f"{what} has no lines; the first is ('', the question)")
        lines = [self._line(entry, k, what) for k, entry in enumerate(entries, start=1)]
        if sum(line.prepared.cost for line in lines) > MAX_COST:
            raise InvalidAnswer(f"{what} is too long to be checked; leave lines or brackets out")
        return lines

    def _line(self, entry: object, number: int, what: str) -> Line:
        where = f"line {number} of {what}"
        if number == 1 and not isinstance(entry, list | tuple):
            entry = ("", entry)
        if not isinstance(entry, list | tuple) or len(entry) != 2:
            raise InvalidAnswer(f"{where} should be a pair of a relation and an expression")
        relation = read_relation(entry[0], number, where, self.derivation.relations)
        return self._read(relation, entry[1], where)

    def _read(self, relation: str, value: object, where: str) -> Line:
        if not isinstance(value, sp.Expr):
            value = read_expression(value, where, self.names)
        if not isinstance(value, sp.Expr):
            value = sp.Rational(*exact(value).as_integer_ratio())
        require_symbols(value, where, self.names)
        try:
            prepared, own_form = prepare(value), form(value, self.positive)
        except InvalidAnswer as error:
            raise InvalidAnswer(f"{where}: {error.hint}") from error
        slopes = (slope.name for slope in prepared.slopes)
        read_expression(prepared.expression, where, [*self.names, *slopes])
        return Line(relation, value, own_form, prepared)

    def require_question(self, line: Line) -> None:
        asked = self._read("", self.derivation.first, "the question")
        if line.form == asked.form:
            return
        same = all(holds_at("=", asked, line, point) is not False for point in self.points)
        hint = (
            "Your first line has the value of the question and another form: begin with the "
            "question as it is printed, and make what you did the first step."
            if same
            else "Your first line is another expression than the question."
        )
        raise WrongAnswer("not the question", hint)

    def require_step(self, lines: Sequence[Line], number: int) -> None:
        """Passes where step `number`, from that line to the next, is a step that holds."""
        line = lines[number]
        earlier = [k for k, other in enumerate(lines[:number], start=1) if other.form == line.form]
        credit = self._credit(lines[:number])
        if earlier:
            raise WrongAnswer(
                "a step is a copy",
                f"Step {number} leads to line {number + 1}, which is line {earlier[0]} again: the "
                "order of terms, brackets and plain arithmetic make no step. Leave it out.",
                credit,
            )
        before = lines[number - 1]
        found = [holds_at(line.relation, before, line, point) for point in self.points]
        failing = [at for at, holds in zip(self.points, found, strict=True) if holds is False]
        if failing:
            hint = witness(before, line, number, min(failing, key=plainness))
            raise WrongAnswer("a step does not hold", hint, credit)
        if found.count(True) < min(MIN_POINTS, len(self.points)):
            raise UndecidedAnswer(f"step {number} could be checked at too few points")

    def require_goal(self, lines: Sequence[Line]) -> None:
        if lines[-1].form != self._read("", self.derivation.last, "the goal").form:
            raise WrongAnswer(
                "not the goal",
                f"Every step that is there holds, but line {len(lines)}, the last, is not yet the "
                "goal as it is printed.",
                self._credit(lines),
            )

    def require_no_jump(self, lines: Sequence[Line]) -> None:
        steps, least = len(lines) - 1, self.derivation.least_steps
        if steps < least:
            raise WrongAnswer(
                "a jump",
                f"Every step holds, but {steps} of them are too few to be followed: write down at "
                f"least {least}.",
            )
        reached = self._reached(lines[1:-1])
        if reached < len(self.derivation.milestones):
            hint = self.derivation.milestones[reached].hint
            raise WrongAnswer("a jump", f"Every step holds, but: {hint}", self._credit(lines[:-1]))

    def _credit(self, lines: Sequence[Line]) -> float:
        """What the lines before a fault earn: by the share of the milestones that they reach."""
        milestones = len(self.derivation.milestones)
        return self.derivation.credit * self._reached(lines[1:]) / milestones if milestones else 0

    def _reached(self, lines: Sequence[Line]) -> int:
        """How many milestones the lines pass, in order."""
        reached = 0
        for line in lines:
            if reached < len(self.derivation.milestones) and self._is_at(line, reached):
                reached += 1
        return reached

    def _is_at(self, line: Line, milestone: int) -> bool:
        wanted = self.derivation.milestones[milestone]
        if any(line.form == self._read("", f, "a milestone").form for f in wanted.forms):
            return True
        if wanted.contains or wanted.without:
            return self._has_parts(line.expression, wanted)
        return wanted.shows is not None and wanted.shows(line.expression)

    def _has_parts(self, expression: object, wanted: Milestone) -> bool:
        nodes = list(sp.preorder_traversal(expression))
        if any(isinstance(node, wanted.without) for node in nodes):
            return False
        parts = [self._read("", part, "a milestone").form for part in wanted.contains]
        found = {form(node, self.positive) for node in nodes if isinstance(node, sp.Expr)}
        return found.issuperset(parts)
