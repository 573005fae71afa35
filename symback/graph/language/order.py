"""The statements in an order in which each can be evaluated: as written, or what is needed first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from symback.errors import ParseError
from symback.expr.tree import ZERO, Plus, Tree, sum_of, symbols_of
from symback.graph.language.loops import Written
from symback.graph.language.statements import error_at


def in_order(text: str, statements: Sequence[Written]) -> list[Written]:
    """Return the statements, each after those it needs; refuse a circle with its path."""
    places = {statement.name: place for place, statement in enumerate(statements)}
    done: dict[str, Written] = {}
    for statement in statements:
        path = {} if statement.name in done else {statement.name: _needs(statement, places)}
        while path:  # a walk in depth, without recursion
            name = next(reversed(path))
            needed = next((other for other in path[name] if other not in done), None)
            if needed is None:
                path.pop(name)
                done[name] = statements[places[name]]
            elif needed in path:
                circle = [*list(path)[list(path).index(needed) :], needed]
                raise _circle(text, statements[places[name]], circle)
            else:
                path[needed] = _needs(statements[places[needed]], places)
    return list(done.values())


def _needs(statement: Written, places: Mapping[str, int]) -> Iterator[str]:
    """Yield the defined names in a statement, in the order in which they were written."""
    names = {s.name for s in symbols_of(statement.tree)} & places.keys()
    return iter(sorted(names, key=places.__getitem__))


def _circle(text: str, statement: Written, path: list[str]) -> ParseError:
    span = statement.template.item.whole
    if len(path) == 2:
        hint = f"Give the new value a name of its own, or write {path[0]} += ... for a sum."
        return error_at(text, span, f"{path[0]} is defined in terms of itself.", hint)
    shown = path if len(path) <= 8 else [*path[:4], "...", *path[-3:]]
    message = f"The definitions go round in a circle: {' needs '.join(shown)}."
    return error_at(text, span, message, "Each node may need only nodes that do not need it.")


# --- names that are defined once, and sums that grow -----------------------------------------------------------------


def collected(text: str, written: Sequence[Written]) -> list[Written]:
    """Return one statement for each name: what `L += ...` adds, line by line, is one sum, in place of the last."""
    places: dict[str, list[int]] = {}
    for place, statement in enumerate(written):
        places.setdefault(statement.name, []).append(place)
        _check_once(text, written, places[statement.name])
    sums = {name: found for name, found in places.items() if written[found[-1]].template.item.adds}
    _check_reads(text, written, sums)
    result = []
    for place, statement in enumerate(written):
        found = sums.get(statement.name)
        if found is None:
            result.append(statement)
        elif place == found[-1]:
            result.append(statement._replace(tree=_total([written[k].tree for k in found])))
    return result


def _check_once(text: str, written: Sequence[Written], places: list[int]) -> None:
    statement = written[places[-1]]
    if len(places) == 1 or statement.template.item.adds:
        return
    name, first = statement.name, written[places[0]].template
    if first.item is statement.template.item:
        variable = first.variables[-1] if first.variables else "t"
        each = f"{name.removesuffix('_' + variable)}[{variable}]"
        hint = f"Write {each} for a node of each pass, {name} += ... for a sum, or put the line before the loop."
        message = f"{name} is defined again in every pass of the loop."
    else:
        line = text.count("\n", 0, first.item.left.at) + 1
        message = f"{name} is defined twice, first in line {line}." if "\n" in text else f"{name} is defined twice."
        hint = "Give each node its own name."
    raise error_at(text, statement.template.item.left, message, hint)


def _check_reads(text: str, written: Sequence[Written], sums: Mapping[str, list[int]]) -> None:
    """Refuse a line that reads a sum while it is still growing: it would not get the value of that moment."""
    if not sums:
        return
    for place, statement in enumerate(written):
        for symbol in symbols_of(statement.tree):
            found = sums.get(symbol.name)
            if found and found[0] < place <= found[-1]:
                name = symbol.name
                hint = f"Write {name}[t] = {name}[t-1] + ... where the values on the way are needed."
                message = f"{name} is read here while later lines still add to it."
                raise error_at(text, statement.template.item.right, message, hint)


def _total(trees: Sequence[Tree]) -> Tree:
    """Return the sum of what was added; a zero to begin with is left out."""
    terms: list[Tree] = []
    for tree in trees[1:] if len(trees) > 1 and trees[0] == ZERO else trees:
        terms.extend(tree._args if isinstance(tree, Plus) else (tree,))
    return sum_of(terms)
