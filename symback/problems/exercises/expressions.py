"""Problems about one expression: its derivatives, and its value at a point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy.core.symbol import Symbol

from symback.calculus.derive import derive
from symback.calculus.evaluate import evaluate
from symback.calculus.question import Question, read_question
from symback.errors import UsageError
from symback.expr.rule import Derivation
from symback.expr.tree import Diff, Tree, symbols_of, without_lets
from symback.problems.answers import given
from symback.problems.exercise import Exercise, unicode

if TYPE_CHECKING:
    from symback.page.solution import Part, Picture, Sentence
    from symback.problems.answers.rights import Answers, Rights
    from symback.problems.file.sheet import Problem

LIMIT = "limit of the difference quotient"
PUT_IN = ("substitute", LIMIT, f"{LIMIT}, rounded")  # the rules that lead from a formula to its value


class AboutExpression(Exercise):
    """A problem about one expression, which may be named and go through inner functions, at a point or not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.point = given.point(self.asked.get("at"))
        self.known = _known(self.asked["given"]) if "given" in self.asked else {}
        self.names = tuple(dict.fromkeys((*problem.symbols, *given.variables(self.asked.get("wrt")))))
        wrt = given.variables(self.asked.get("wrt"))
        self.function = read_question(given.text(self.asked.get("expr"), "expr"), self.names, variables=wrt)

    def point_sentence(self) -> Iterator[Part]:
        """Yield the values of the point, where there is one, as a sentence."""
        from symback.problems import wording  # commands ask nothing in words

        if self.point:
            yield ("Take ", *wording.point(self.point), ".")
        yield from self.values_given()

    def values_given(self) -> Iterator[Part]:
        """Yield the values of functions that are given, those of tables as a table, and what is assumed."""
        if "assume" in self.asked:
            from symback.problems.assumptions import sentence

            yield from sentence(given.texts(self.asked["assume"], "assume"))
        if self.known:
            from symback.problems.known import parts_of  # commands ask nothing in words

            yield from parts_of(self.asked["given"], self.known)

    def informed(self, found: Derivation) -> Derivation:
        """Return a derivation that goes on with the values of functions that are given, where there are any."""
        if not self.known:
            return found
        from symback.calculus.known_values import with_known_values  # few problems have them

        return with_known_values(found, self.known)

    def asked_about(self) -> tuple[Tree, ...]:
        """Return the functions of which the question speaks: answers are compared where they are real.

        Beside them stand trees that are real where what is assumed holds.
        """
        return (without_lets(self.function.tree), *self.assumed())

    def assumed(self) -> tuple[Tree, ...]:
        """Return trees that are real where what is assumed holds."""
        texts = given.texts(self.asked.get("assume"), "assume")
        if not texts:
            return ()
        from symback.problems.assumptions import domains_of  # few problems assume anything

        return domains_of(texts, self.names)

    def read(self, text: str) -> Tree:
        """Return the tree of an answer; the names of the problem are names there too."""
        return read_question(text, (*self.names, *self.function.parameters), variables=self.variables).tree

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that a prime in an answer speaks of: f' g + f g' is f'(x) g(x) + f(x) g'(x)."""
        return ()

    def named(self, answers: Answers) -> Answers:
        """Return the right answers with what the question calls the function, its variables, and their values."""
        arguments = tuple(s.name for s in self.function.variables())
        point = {name: self.point[name] for name in arguments if name in self.point}
        return replace(answers, name=self.function.name, arguments=arguments, point=point)

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        return graph_of_expression(self.function) if kind == "graph" else super().picture(kind, things)


def _known(values: Any) -> dict[Tree, Tree]:
    from symback.problems.known import known_values  # few problems have them

    return known_values(values)


def graph_of_expression(question: Question) -> Picture:
    """Return the picture of an expression's own structure."""
    from symback.graph.graph import Graph  # NumPy comes with it, which other problems do without
    from symback.problems.pictures import graph_picture

    return graph_picture(Graph.from_expression(without_lets(question.tree), question.name or "z"))


class Derive(AboutExpression):
    """Derivatives of an expression, one for each text in `wrt`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        order = self.asked.get("order", 1)
        self.order = order if isinstance(order, int) and not isinstance(order, bool) else 0
        groups = given.groups(self.asked.get("wrt")) or (None,)
        self.function = self.function.posed()
        if self.function.asked:  # the order and the variables are those of the text
            groups = tuple(tuple(self.function.passes(group, max(self.order, 1))) for group in groups)
            self.order = len(groups[0]) if len(set(groups[0])) == 1 else 1
            groups = tuple(tuple(dict.fromkeys(group)) if self.order > 1 else group for group in groups)
            self.function = self.function._replace(asked=())
        self.groups = tuple(tuple(self.function.variables_for(group)) for group in groups)
        self.strategy = str(self.asked.get("strategy", "textbook"))
        self.differences = bool(self.asked.get("differences"))
        self.alternatives = bool(self.asked.get("alternatives"))

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(symbol.name for group in self.groups for symbol in group))

    # --- what is asked ------------------------------------------------------------------------------------------------

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        one_each = all(len(group) == 1 for group in self.groups)
        variables = wording.names(group[0].name for group in self.groups)
        if self.order == 1 and one_each and len(self.groups) == 1:
            yield from self._asked("Differentiate", (" with respect to ", *variables))
        elif one_each:
            which = f"{wording.ordinal(self.order)} " if self.order > 1 else "partial " if len(self.groups) > 1 else ""
            what = "derivatives" if len(self.groups) > 1 else "derivative"
            yield from self._asked(f"Find the {which}{what} of", (" with respect to ", *variables))
        else:
            each = wording.listed([_one_after_another(group) for group in self.groups])
            yield from self._asked("Differentiate", (" ", *each))
        if self.point:
            values = "its value" if len(self.groups) == 1 else "their values"
            yield (f"Then find {values} at ", *wording.point(self.point), ".")
        if self.differences:
            yield ("Compare it with difference quotients.",)
        yield from self.values_given()

    def _asked(self, before: str, after: Sentence) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        return wording.about(before, [self.function], after)

    def data(self) -> Iterator[Part]:
        """Yield each derivative as a formula that is still to be worked out, because the text may not say by what."""
        from symback.page.solution import Formula
        from symback.problems import wording

        function = self.function.tree
        several = len(symbols_of(function)) > 1
        if self.function.name:
            yield from wording.formulas(self.function)
            function = wording.called(self.function)
        for group in self.groups:
            yield Formula(self._pending(function, group), several=several)
        if not self.function.name:
            yield from wording.inner_formulas(self.function)
        yield from self.point_sentence()

    def _pending(self, function: Tree, group: tuple[Symbol, ...]) -> Tree:
        for variable in [v for v in group for _ in range(max(self.order, 1))]:
            function = Diff(function, variable)
        return function

    # --- what is worked out -------------------------------------------------------------------------------------------

    def things(self) -> Iterator[Any]:
        for group in self.groups:
            if self.differences:
                yield self._with_differences(group)
            elif self.alternatives:
                yield self._with_alternatives(group)
            else:
                at = self.point or None
                found = derive(self.function, list(group), order=self.order, at=at, strategy=self.strategy)
                yield self.informed(found) if at else found

    def _with_differences(self, group: tuple[Symbol, ...]) -> Any:
        from symback.calculus.differences import difference_table

        if self.order > 1:
            raise UsageError("Difference quotients belong to a first derivative.", hint="Leave out order.")
        return difference_table(self.function, list(group), self.point, strategy=self.strategy)

    def _with_alternatives(self, group: tuple[Symbol, ...]) -> Any:
        from symback.calculus.alternatives import alternatives

        return alternatives(self.function, list(group), self.point or None, strategy=self.strategy)

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        keys = tuple(",".join(symbol.name for symbol in group) for group in self.groups)
        derivations = [getattr(thing, "derivation", thing) for thing in things]
        within = self.asked_about()
        values = [
            Right(_value_of(d), within=within) if self.point else Right(formula=d.last, within=within)
            for d in derivations
        ]
        pending = [self._pending(within[0], group) for group in self.groups]
        rights: dict[str, Rights] = {
            key: Right(_value_of(d) if self.point else None, formula_of(d), within=within, pending=asked)
            for key, d, asked in zip(keys, derivations, pending, strict=True)
        }
        if self.point:
            rights.setdefault("value", values[0] if len(values) == 1 else list(values))
        alone = keys[0] if len(keys) == 1 else ""
        parts = {"value": dict(zip(keys, values, strict=True))} if self.point else {}
        in_order = keys if len(keys) > 1 else ()
        found = Answers(rights, alone, in_order, self.order, parts, self.read, _key)
        return self.named(found)


def _one_after_another(group: Sequence[Symbol]) -> Sentence:
    """Return in which order a mixed derivative is taken: with respect to x and then y."""
    first, *others = group
    return ("with respect to ", first, *(word for other in others for word in (" and then ", other)))


def _value_of(derivation: Derivation) -> Any:
    """Return the value at a point; one that is rounded is known as far as a float is."""
    is_rounded = bool(derivation.moves) and derivation.moves[-1].rule.name == PUT_IN[-1]
    return derivation.approximate if is_rounded else derivation.last


def _key(text: str) -> str:
    return ",".join(given.variables(text))


def formula_of(derivation: Derivation) -> Tree:
    """Return the derivative itself, before the values of a point are put in."""
    put_in = next((move for move in derivation.moves if move.rule.name in PUT_IN), None)
    return derivation.last if put_in is None else put_in.piece


class Evaluate(AboutExpression):
    """The value of an expression at a point."""

    def question(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        at: Sentence = (" at ", *wording.point(self.point)) if self.point else ()
        yield from wording.about("Work out", [self.function], at)
        yield from self.values_given()

    def data(self) -> Iterator[Part]:
        from symback.problems import wording  # commands ask nothing in words

        yield from wording.formulas(self.function)
        yield from self.point_sentence()

    def things(self) -> Iterator[Any]:
        yield self.informed(evaluate(self.function, self.point))

    def answers(self, things: Sequence[Any]) -> Answers:
        from symback.problems.answers.rights import Answers, Right  # commands do without them

        right = Right(things[0].last, within=self.asked_about())
        return self.named(Answers({"value": right}, "value", read=self.read))


__all__ = ["AboutExpression", "Derive", "Evaluate", "formula_of", "unicode"]
