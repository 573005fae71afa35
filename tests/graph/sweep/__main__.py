"""The sweep as a command: `python -m tests.graph.sweep --seeds 0:1000 [--pairs] [--letters] [--given]`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence

from .drawing import drawn, seeds_of
from .inputs import Drawn
from .judging import NOT_CHECKED, PENDING, RIGHT, WRONG, Found, counted, judged
from .pairs import pairs


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the graphs of some seeds, print the counts and the shortest graphs that fail; 1 where any is wrong."""
    options = _options(arguments)
    total: Counter[tuple[bool, str]] = Counter()
    failing: list[tuple[Drawn, list[Found]]] = []
    times = []
    for graph in graphs(options):
        start = time.process_time()
        found = judged(graph, options.given, not options.short)
        times.append(time.process_time() - start)
        total += counted(found)
        wanted = (WRONG, NOT_CHECKED) if options.unchecked else (WRONG,)
        bad = [one for one in found if one.verdict in wanted]
        if bad:
            failing.append((graph, bad))
    _print(total, failing, times, options)
    return 1 if any(verdict == WRONG and count for (_, verdict), count in total.items()) else 0


def graphs(options: argparse.Namespace) -> Iterator[Drawn]:
    """Yield the graphs that are asked for."""
    for seed in seeds_of(options.seeds):
        if not options.pairs:
            yield drawn(seed, options.letters)
        elif seed < len(pairs(options.letters)):
            yield pairs(options.letters)[seed]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.graph.sweep", description=__doc__)
    parser.add_argument("--seeds", default="0:100", help="the seeds, as in 0:1000")
    parser.add_argument("--pairs", action="store_true", help="small graphs of two operations, in place of random ones")
    parser.add_argument("--letters", action="store_true", help="letters for sizes")
    parser.add_argument("--given", action="store_true", help="give values, and judge the check of symback too")
    parser.add_argument("--short", action="store_true", help="take the formulas from the result, not from its JSON")
    parser.add_argument("--unchecked", action="store_true", help="show what could not be checked as well")
    parser.add_argument("--show", type=int, default=20, help="so many of the shortest failing graphs are printed")
    return parser.parse_args(arguments)


def _print(
    total: Counter[tuple[bool, str]],
    failing: list[tuple[Drawn, list[Found]]],
    times: list[float],
    options: argparse.Namespace,
) -> None:
    write = sys.stdout.write
    for graph, bad in sorted(failing, key=lambda one: len(one[0].text))[: options.show]:
        write(f"seed {graph.seed}: {'; '.join(graph.text.splitlines())}\n")
        for one in [*(b for b in bad if b.is_end), *bad][:2]:
            write(f"    dL/d{one.name}{' =' if one.is_end else ' (a line)'} {one.text}   {one.verdict}: {one.says}\n")
    for is_end, kind in ((True, "gradients"), (False, "lines")):
        counts = ", ".join(f"{verdict} {total[is_end, verdict]}" for verdict in (RIGHT, WRONG, NOT_CHECKED, PENDING))
        write(f"{kind}: {counts}\n")
    ordered = sorted(times)
    mean, late = 1000 * sum(ordered) / len(ordered), 1000 * ordered[int(0.95 * len(ordered))]
    write(
        f"graphs: {len(times)}, {len(failing)} of them with what is above; "
        f"{mean:.0f} ms each, 95 in 100 within {late:.0f} ms\n"
    )


if __name__ == "__main__":
    sys.exit(main())
