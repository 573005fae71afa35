"""Which statements of a graph use which, as far as the loss goes, and in which order their gradients are found."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from symback.expr.tree import Tree, symbols_of


class Reach:
    """The uses of every name in statements that the loss depends on."""

    def __init__(self, trees: Mapping[str, Tree], loss: str) -> None:
        self.trees = trees
        self.loss = loss
        self._names = {name: tuple(sorted(s.name for s in symbols_of(tree))) for name, tree in trees.items()}
        self._needed = self._before_loss()
        self._consumers: dict[str, list[str]] = {}
        for name, used in self._names.items():
            if name in self._needed:
                for one in used:
                    self._consumers.setdefault(one, []).append(name)

    def _before_loss(self) -> set[str]:
        seen = {self.loss}
        stack = [self.loss]
        while stack:
            for name in self._names.get(stack.pop(), ()):
                if name not in seen:
                    seen.add(name)
                    stack.append(name)
        return seen

    def consumers(self, name: str) -> list[str]:
        """Return the statements that use a name and that the loss depends on."""
        return self._consumers.get(name, [])

    @cached_property
    def _last_use(self) -> dict[str, int]:
        return {used: place for place, used_by in enumerate(self._names.values()) for used in used_by}

    def order(self, chosen: list[str]) -> list[str]:
        """Return the chosen names and the statements between them and the loss, consumers first."""
        wanted = set(chosen)
        depending: set[str] = set()
        for name, used in self._names.items():  # statements stand after what they use
            if any(n in wanted or n in depending for n in used):
                depending.add(name)
        statements = [n for n in reversed(self._names) if n in wanted or n in depending and n in self._needed]
        between = [n for n in statements if n in wanted or n != self.loss]
        inputs = sorted(
            (n for n in dict.fromkeys(chosen) if n not in self._names), key=lambda n: -self._last_use.get(n, -1)
        )
        return [*between, *inputs]
