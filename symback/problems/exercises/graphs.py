"""Problems about computation graphs: forward, backward, a step of descent, a table of passes, Jacobians."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symback.calculus.question import as_number
from symback.errors import DomainError, ParseError, TooLarge, UsageError
from symback.expr.numeric import np
from symback.expr.rule import Derivation, Move, Rule
from symback.expr.tree import Let, Tree, fold, symbol, weight_of
from symback.graph.backprop import Backprop
from symback.graph.forward_table import ForwardTable, forward_table
from symback.graph.graph import Graph, canonical
from symback.hints import mention
from symback.page.solution import Part, Picture, Sentence
from symback.problems import wording, wording_of_arrays
from symback.problems.answers import given
from symback.problems.answers.on_graphs import reader, same_gradient, same_hessian, same_jacobian
from symback.problems.answers.rights import Answers, Right, Rights, rights_of
from symback.problems.exercise import Exercise
from symback.problems.pictures import graph_picture

if TYPE_CHECKING:
    from symback.problems.file.sheet import Problem

LARGEST_FUNCTION = 600  # signs of a graph that is written as one expression
MOST_INSERTED = 8  # nodes that are put in one by one; of more all at once
DEFINITION = Rule("definition of the node", "a node is its right-hand side")
INSERT = Rule("insert the node", "a node stands for its right-hand side")
INSERT_ALL = Rule("insert the nodes", "a node stands for its right-hand side")


class AboutGraph(Exercise):
    """A problem about a graph, with values or without."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.tables = self._tables(self.asked.get("at"))
        declared = [name for table in self.tables for name in table if "[" not in name]
        names = tuple(dict.fromkeys((*problem.symbols, *declared)))
        text = given.text(self.asked.get("graph"), "graph")
        self.labels: tuple[str, ...] = ()
        if "assume" in self.asked:
            from symback.problems.assumptions import labels_in, with_symmetric  # few problems assume anything

            assumed = given.texts(self.asked["assume"], "assume")
            text, self.labels = with_symmetric(text, assumed), labels_in(assumed)
        self.graph = Graph(text, alike(self.tables), symbols=names)

        for name in (*self.labels,):
            if not self.graph.shapes.get(name) or name in self.graph.trees:
                message = f"The graph has no array {name} that is given, so its entries cannot be assumed to sum to 1."
                raise UsageError(message, hint="Name an input that is an array.")

    def require(self, names: Sequence[str]) -> None:
        """Raise UsageError where the graph does not have one of the names."""
        known = {*self.graph.inputs, *self.graph.trees}
        for name in names:
            if name not in known:
                listed = ", ".join((*self.graph.inputs, *self.graph.trees))
                raise UsageError(f"The graph has no node {name}.", hint=f"Its nodes are {listed}.")

    @cached_property
    def formulas(self) -> Part:
        """The graph as it is printed, with its shapes."""
        return wording_of_arrays.graph(self.graph, self.tables[0] if self.tables else {})

    def _tables(self, at: Any) -> list[Mapping[str, Any]]:
        tables = [] if at is None else at if isinstance(at, (list, tuple)) else [at]
        if not all(isinstance(table, Mapping) for table in tables):
            raise UsageError("at must be a table of names and values, or a list of such tables.",
                             hint="Write at = {a = 3, x = [1, 2]}.")  # fmt: skip
        return [{str(name): given.array(value, str(name)) for name, value in table.items()} for table in tables]

    def values(self) -> Iterator[Part]:
        """Yield the values that are given: numbers as a sentence, arrays and several passes apart from the words."""
        asked = self.asked.get("at")
        tables: Sequence[Any] = [] if asked is None else asked if isinstance(asked, (list, tuple)) else [asked]
        if len(tables) > 1:
            yield ("The values of each pass are:",)
            yield wording_of_arrays.arrays(*tables)
        elif any(isinstance(value, (list, tuple)) for table in tables for value in table.values()):
            yield ("The values are:",)
            yield wording_of_arrays.arrays(tables[0])
        elif tables and tables[0]:
            named = {canonical(name): as_number(given.checked(value, name)) for name, value in tables[0].items()}
            yield ("Take ", *wording.point(named), ".")

    def data(self) -> Iterator[Part]:
        yield self.formulas
        yield from self.values()
        yield from self.assumed()

    def assumed(self) -> Iterator[Part]:
        """Yield what is assumed, as a sentence."""
        if "assume" in self.asked:
            from symback.problems.assumptions import sentence  # few problems assume anything

            yield from sentence(given.texts(self.asked["assume"], "assume"))

    def picture(self, kind: str, things: Sequence[Any]) -> Picture:
        if kind != "graph":
            return super().picture(kind, things)
        return graph_picture(next((thing for thing in things if isinstance(thing, Backprop)), self.graph))


def alike(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the values of the first pass, without those that have another shape in another pass."""
    first = tables[0] if tables else {}
    return {n: v for n, v in first.items() if all(n in t and np.shape(v) == np.shape(t[n]) for t in tables)}


class Backpropagation(AboutGraph):
    """Forward and backward through a graph; or several forward passes."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        loss = self.asked.get("loss")
        self.loss = canonical(given.text(loss, "loss")) if loss is not None else self.graph.last
        self.wrt = tuple(map(canonical, given.texts(self.asked.get("wrt"), "wrt"))) or None
        self.require((*([self.loss] if not self.asked.get("given") else []), *(self.wrt or ())))
        self.layout = str(self.asked.get("layout", "denominator"))
        self.exact = bool(self.asked.get("exact"))
        self.rate = self._rate(self.asked.get("learning_rate"))
        is_list = isinstance(self.asked.get("at"), (list, tuple))
        self.forward_only = bool(self.asked.get("forward_only")) or is_list
        if self.forward_only and not self.tables:
            raise UsageError("A forward pass needs values.", hint="Give them with at = {a = 3, b = 1}.")
        if self.rate is not None and (self.forward_only or not self.tables):
            message = "A step of gradient descent needs values and a backward pass."
            raise UsageError(message, hint=f"Give the values with {mention('at', f'{self.graph.inputs[0]}=2')}.")

    def _rate(self, value: Any) -> Fraction | float | None:
        if value is None:
            return None
        return given.exact_or_float(value, "learning_rate")

    # --- what is asked ------------------------------------------------------------------------------------------------

    def question(self) -> Iterator[Part]:
        names = self.wrt or self.graph.inputs
        if self.asked.get("function"):
            yield ("Write ", symbol(self.loss), " as one function of the inputs.")
        if self.forward_only:
            yield ("Work out the forward pass.",) if len(self.tables) == 1 else ("Work out each forward pass.",)
        else:
            what = "gradients" if len(names) > 1 else "gradient"
            by: Sentence = (" by ", *wording.names(names)) if len(names) <= wording.MOST_LISTED else (" by all inputs",)
            yield (f"Find the {what} of ", symbol(self.loss), *by, " by backpropagation.")
        yield self.formulas
        yield from self.values()
        yield from self.assumed()
        if self.rate is not None:
            rate = as_number(self.asked["learning_rate"])
            yield ("Then take one step of gradient descent with the learning rate ", rate, ".")

    # --- what is worked out -------------------------------------------------------------------------------------------

    def things(self) -> Iterator[Any]:
        if self.asked.get("function"):
            yield as_function(self.graph, self.loss)
        if self.forward_only:
            yield forward_table(self.graph, self.tables, self.exact)
        else:
            at = self.tables[0] if self.tables else None
            options: dict[str, Any] = {"lr": self.rate, "layout": self.layout, "exact": self.exact}
            yield self.graph.backprop(self.loss, at, self.wrt, **options)

    def verification(self, thing: Any) -> Any:
        for values in getattr(thing, "passes", ()):
            _require_finite("value of", values)
        if not isinstance(thing, Backprop):
            return thing.verify()
        _require_finite("value of", thing.forward)
        _require_finite("gradient by", thing.node_values)
        return thing.check

    def answers(self, things: Sequence[Any]) -> Answers:
        last = things[-1]
        if isinstance(last, ForwardTable):
            return _of_passes(last)
        formulas: dict[str, Rights] = {
            name: Right(formula=last.gradients.get(name, d.last), same=same_gradient(last, name, self.labels))
            for name, d in last.derivations.items()
        }
        values = {**last.node_values, **last.values}
        rights = _values_and_formulas(values, formulas)
        parts: dict[str, dict[str, Rights]] = {
            "forward": _rights({**last.inputs, **last.forward}),
            "new": _rights(last.updates),
            "formula": formulas,
        }
        alone = last.wrt[0] if len(last.wrt) == 1 else ""
        return Answers(rights, alone, parts=parts, read=reader(self.graph, self.loss), key=_node)


def _require_finite(what: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if not np.all(np.isfinite(np.asarray(value, dtype=float))):
            raise DomainError(f"The {what} {name} is not finite here.", hint="Choose other values.")


def _node(text: str) -> str:
    try:
        return canonical(text.strip())
    except (ParseError, IndexError):
        return text


def _rights(values: Mapping[str, Any]) -> dict[str, Rights]:
    return {name: rights_of(value) for name, value in values.items()}


def _values_and_formulas(values: Mapping[str, Any], formulas: Mapping[str, Rights]) -> dict[str, Rights]:
    """Return what each gradient may be given as: its value, if it has one, or its formula."""
    rights = dict(formulas)
    for name, formula in formulas.items():
        if name in values and isinstance(formula, Right):
            value = values[name]
            rights[name] = replace(formula, value=rights_of(value) if np.ndim(value) else value)
    return rights


def _of_passes(table: ForwardTable) -> Answers:
    """Return the right answers of forward passes: for each name the list of its values, or of one pass the value."""
    names = (*table.graph.inputs, *(s.name for s in table.graph.statements))
    columns = {name: [rights_of(values[name]) for values in table.passes] for name in names}
    rights: dict[str, Rights] = {n: column[0] if len(column) == 1 else column for n, column in columns.items()}
    last = table.graph.last
    return Answers(rights, last, parts={"forward": rights}, read=reader(table.graph), key=_node)


# --- a graph as one function ------------------------------------------------------------------------------------------


def as_function(graph: Graph, name: str) -> Derivation:
    """Return how a node becomes one expression in the inputs: node after node is put in, the last ones first.

    Raises TooLarge where the expression would be long.

    >>> as_function(Graph("d = 2b; e = a + d; L = c e"), "L").last
    Times(c, Plus(a, Times(2, b)))
    """
    written_out = graph.expression(name)
    if weight_of(written_out) > LARGEST_FUNCTION:
        message = f"{name} written as one expression would have more than {LARGEST_FUNCTION} signs."
        raise TooLarge(message, hint="Leave function out, or name a node before it as the loss.")
    lets: dict[Tree, Tree] = {}
    for statement in graph.statements:
        lets[symbol(statement.name)] = Let(symbol(statement.name), _with_lets(statement.tree, lets))
    start = line = lets[symbol(name)]
    moves: list[Move] = []
    used = [s for s in graph.statements if _has(start, symbol(s.name))]
    for group in [[s] for s in reversed(used)] if len(used) <= MOST_INSERTED else [used]:
        names = [symbol(s.name) for s in group]
        result = _put_in(line, names)
        rule = INSERT_ALL if len(group) > 1 else INSERT if moves else DEFINITION
        bound = tuple((s.name, s.tree) for s in group if rule is INSERT)
        moves.append(Move(rule, (), line, result, bound))
        line = result
    return Derivation(start, tuple(moves), line, notes=graph.notes, source=graph.text)


def _with_lets(tree: Tree, lets: Mapping[Tree, Tree]) -> Tree:
    return fold(tree, lambda node, inner: lets[node] if node in lets else _rebuilt(node, inner))


def _put_in(tree: Tree, names: Sequence[Tree]) -> Tree:
    """Return the tree with these nodes replaced by what they stand for."""

    def combine(node: Any, inner: list[Any]) -> Any:
        return inner[1] if isinstance(node, Let) and inner[0] in names else _rebuilt(node, inner)

    return fold(tree, combine)


def _rebuilt(node: Any, inner: Sequence[Any]) -> Any:
    args = getattr(node, "_args", ()) if inner else ()
    return node if all(a is b for a, b in zip(args, inner, strict=True)) else type(node)(*inner)


def _has(tree: Tree, name: Tree) -> bool:
    return fold(tree, lambda node, inner: (isinstance(node, Let) and node._args[0] == name) or any(inner))


# --- Jacobians of graphs ----------------------------------------------------------------------------------------------


class GraphJacobian(AboutGraph):
    """The Jacobian of a node by another, as a product of matrices."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        of = self.asked.get("of")
        self.of = canonical(given.text(of, "of")) if of is not None else self.graph.last
        self.wrt = tuple(map(canonical, given.texts(self.asked.get("wrt"), "wrt"))) or None
        self.require((self.of, *(self.wrt or ())))
        self.layout = str(self.asked.get("layout", "numerator"))

    def question(self) -> Iterator[Part]:
        by = wording.names(self.wrt or self.graph.inputs)
        yield ("Find the Jacobian of ", symbol(self.of), " by ", *by, f" in {self.layout} layout.")
        yield from self.data()

    def things(self) -> Iterator[Any]:
        at = self.tables[0] if self.tables else None
        yield self.graph.jacobian(self.of, self.wrt, at, layout=self.layout)

    def answers(self, things: Sequence[Any]) -> Answers:
        found = things[0]
        trees: Mapping[str, Tree] = found.jacobians
        formulas: dict[str, Rights] = {n: Right(formula=t, same=same_jacobian(found, n)) for n, t in trees.items()}
        values = _rights(found.values)
        rights = _values_and_formulas(found.values, formulas)
        parts = {"formula": formulas, "value": values}
        alone = found.wrt[0] if len(found.wrt) == 1 else ""
        if alone:
            rights["formula"] = formulas[alone]
            rights |= {"value": values[alone]} if values else {}
        return Answers(rights, alone, parts=parts, read=reader(self.graph, matrices=True), key=_node)


# --- Hessians of graphs -----------------------------------------------------------------------------------------------


class GraphHessian(AboutGraph):
    """The second derivatives of a number by one name twice, or by two names."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        loss = self.asked.get("loss")
        self.loss = canonical(given.text(loss, "loss")) if loss is not None else self.graph.last
        self.wrt = tuple(map(canonical, given.texts(self.asked.get("wrt"), "wrt"))) or None
        self.require((self.loss, *(self.wrt or ())))

    def question(self) -> Iterator[Part]:
        by = wording.names(tuple(dict.fromkeys(self.wrt or self.graph.inputs)))
        yield ("Find the Hessian of ", symbol(self.loss), " by ", *by, ".")
        yield from self.data()

    def things(self) -> Iterator[Any]:
        yield self.graph.hessian(self.loss, self.wrt, self.tables[0] if self.tables else None)

    def answers(self, things: Sequence[Any]) -> Answers:
        found = things[0]
        names = self.wrt or found.wrt
        pair = (names[0], names[-1])
        formulas: dict[str, Rights] = {}
        if pair in found.hessians:
            formulas["formula"] = Right(formula=found.hessians[pair], same=same_hessian(found, pair))
        values = {"formula": found.values[pair]} if pair in found.values else {}
        rights = _values_and_formulas(values, formulas)
        if "formula" in values:
            rights |= {"value": rights_of(values["formula"])}
        return Answers(rights, next(iter(rights), ""), read=reader(self.graph, matrices=True))
