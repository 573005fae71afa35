"""The learning rate, moved from the gradients back to where it costs least.

A step needs `lr * gradient`, and a gradient is linear in what comes before it: to scale the small gradient of the last
layer, which has a constant factor already, scales all that follows from it.
"""

from __future__ import annotations

from symback.compile.lines import Program, Writer, copy, size

# which operands carry a factor: one of them (the cheaper), or all
ONE_OF = frozenset({"multiply", "times", "matmul", "product", "outer", "vdot"})
FIRST = frozenset({"divide", "ratio"})
ALL = frozenset({"add", "subtract", "negate", "sum", "broadcast", "transpose", "reshape"}) | frozenset(
    {"index", "slice", "scatter", "stack", "concat"}
)


def scaled(program: Program) -> Program:
    """Return the program whose outputs are the gradients times the line `rate`."""
    early, late = _written(program, _choices(program)), _written(program, {})
    return early if _cost(early) < _cost(late) else late


def _cost(program: Program) -> float:
    """Roughly the time of the elementwise operations: a call, and that many entries."""
    return sum(500 + size(line.shape) for line in program.lines if line.op in ("multiply", "divide"))


def _choices(program: Program) -> dict[int, tuple[int, ...]]:
    """Return for each line which operands to scale, () where the line itself is multiplied: the cheapest way."""
    choices: dict[int, tuple[int, ...]] = {}
    costs: list[float] = []
    for i, line in enumerate(program.lines):
        own = 500.0 + size(line.shape)
        if line.op == "multiply" and program.lines[line.inputs[0]].value is not None:
            costs.append(0.0)  # the factor that is there already becomes another one
            choices[i] = (0,)
            continue
        ways: list[tuple[int, ...]] = []
        if line.op in ONE_OF:
            ways = [(k,) for k in range(len(line.inputs))]
        elif line.op in FIRST:
            ways = [(0,)]
        elif line.op in ALL:
            ways = [tuple(range(len(line.inputs)))]
        best = min(ways, key=lambda way: sum(costs[line.inputs[k]] for k in way), default=())
        cost = sum(costs[line.inputs[k]] for k in best) if best else own
        choices[i] = best if cost < own else ()
        costs.append(min(cost, own))
    return choices


def _written(program: Program, choices: dict[int, tuple[int, ...]]) -> Program:
    w = Writer()
    lr = w.put("rate", shape=())
    wanted = _wanted(program, choices)
    plain: list[int] = []
    times_rate: dict[int, int] = {}
    for i, line in enumerate(program.lines):
        plain.append(copy(w, line, tuple(plain[j] for j in line.inputs)))
        if i in program.names:
            w.names.setdefault(plain[i], program.names[i])
        if i in wanted:
            way = choices.get(i, ())
            inputs = [times_rate[j] if k in way else plain[j] for k, j in enumerate(line.inputs)]
            scaled_line = copy(w, line, tuple(inputs))
            times_rate[i] = scaled_line if way else w.put("multiply", lr, plain[i], shape=line.shape)
    return w.finish(plain[program.loss], {name: times_rate[i] for name, i in program.outputs.items()})


def _wanted(program: Program, choices: dict[int, tuple[int, ...]]) -> set[int]:
    """Return the lines that are wanted times the rate."""
    wanted = set(program.outputs.values())
    stack = list(wanted)
    while stack:
        i = stack.pop()
        for k in choices.get(i, ()):
            j = program.lines[i].inputs[k]
            if j not in wanted:
                wanted.add(j)
                stack.append(j)
    return wanted
