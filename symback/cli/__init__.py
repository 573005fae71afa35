"""The command line: one function a command, which reads its options and returns the work that `run` does."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any

import click

from symback import __version__
from symback.cli import arguments, output
from symback.cli.arguments import ExpressionCommand, FrontPage, Problem, one_expression
from symback.cli.output import Page
from symback.errors import SymbackError, UsageError
from symback.front_page import COMMANDS

Work = Callable[[], int]
INTERRUPTED = 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(args: list[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is said in a sentence."""
    try:
        work = main.main(args, prog_name="symback", standalone_mode=False)
        # The work is done here and not inside click: Python 3.11 maps and unmaps a piece of its stack at each call that
        # crosses a certain depth, and SymPy's import, begun that deep, costs 6 % more.
        return work() if callable(work) else work or 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except Exception as error:  # the last line of defence: a bug is named, never shown as a traceback
        known = output.explained(error)
        click.echo(output.in_words(known), err=True)
        return known.exit_code


@click.group(cls=FrontPage, context_settings=CONTEXT)
@click.version_option(__version__, message="symback %(version)s")
def main() -> None:
    """Show the work."""


# --- options -------------------------------------------------------------------------------------------------------

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_WRT: tuple[Decorator, ...] = (
    click.option("--wrt", multiple=True, metavar="NAMES", help="The variables, as in --wrt x,y or --wrt x --wrt y."),
)
_ASK: tuple[Decorator, ...] = (
    click.option("--at", multiple=True, metavar="POINT", help="Work out the value at a point: --at x=2,y=-1/2."),
    click.option("--symbols", multiple=True, metavar="NAMES", help="Names of your own, as in --symbols loss,rate."),
)
_SHOW: tuple[Decorator, ...] = (
    click.option("--detail", type=click.Choice(["brief", "normal", "full"]), default="normal", show_default=True,
                 help="brief folds the tidying; full shows every step with what its letters stand for."),
    click.option("--format", "format_", metavar="FORMAT",
                 help="text, markdown, latex, json, html, pdf, typst or notebook.  [default: by FILE]"),
    click.option("-o", "--output", metavar="FILE", help="Write to FILE (atomically) instead of stdout."),
    click.option("--force", is_flag=True, help="Let -o replace a file."),
)  # fmt: skip


def question(name: str, *own: Decorator, several: bool = False, by: bool = True) -> Decorator:
    """Make a command that takes an expression, its own options, and those that all questions have.

    Its options are put together when it is called, so that a start does not pay for those of all commands.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        main.later[name] = partial(made, function)
        return function

    def made(function: Callable[..., Any]) -> click.Command:
        for option in reversed((*(_WRT if by else ()), *own, *_ASK, *_SHOW)):
            function = option(function)
        callback = None if several else one_expression
        function = click.argument("expressions", nargs=-1, metavar="EXPR", callback=callback)(function)
        settings: dict[str, Any] = {"short_help": COMMANDS[name], "context_settings": CONTEXT}
        return click.command(name, ExpressionCommand, **settings)(function)

    return decorate


def load_engine() -> None:
    """Load SymPy and the engine without collecting garbage meanwhile: what they make stays to the end anyway."""
    gc.disable()
    try:
        import_module("symback.derive")
        import_module("symback.check")
        import_module("symback.render")
    finally:
        gc.freeze()
        gc.enable()


def ask(
    work: Callable[[Problem, arguments.Asked], Iterable[Any]],
    expressions: tuple[str, ...],
    options: dict[str, Any],
) -> int:
    """Read the common options, answer every problem, print, and return the exit code."""
    load_engine()
    format_ = arguments.format_of(options["format_"], options["output"])
    page = Page(format_, options["detail"], options["output"], options["force"])
    try:
        asked = arguments.read_options(options.get("wrt", ()), options["at"], options["symbols"])
    except SymbackError as error:
        page.complain(error)
        return error.exit_code
    return output.answer(page, arguments.problems(expressions), lambda problem: work(problem, asked))


# --- commands ------------------------------------------------------------------------------------------------------


@question(
    "derive",
    click.option("--order", type=click.IntRange(1, 20), default=1, show_default=True,
                 help="How often to differentiate."),
    click.option("--strategy", type=click.Choice(["textbook", "literal"]), default="textbook", show_default=True,
                 help="textbook takes constants out first; literal uses the rule that the written form asks for."),
    click.option("--differences", is_flag=True,
                 help="Add a table of difference quotients (f(x + h) - f(x))/h at the point of --at."),
)  # fmt: skip
def derive(expressions: tuple[str, ...], order: int, strategy: str, differences: bool, **options: Any) -> Work:
    """Differentiate EXPR, one labelled step at a time.

    \b
    symback derive "3*x**2*y" --wrt x
    symback derive "x^3 y^2" --wrt x --wrt y        one derivation per variable
    symback derive "x^3 y^2" --wrt x,y              the mixed derivative, first by x
    symback derive "p = 0.5 o; o = -x + 0.5y^2" --wrt y
    symback derive "-3x^2/(x+1)" --at x=2 --detail full
    symback derive "x^2" --at x=3 --differences     with difference quotients

    EXPR may be - or left out: each line of standard input is a problem then.
    """

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.derive import derive as engine

        for group in asked.groups or (None,):
            if group and len(group) > 1:
                output.note(_mixed(group))
            if differences:
                yield _with_differences(problem, group, order, strategy, asked)
            else:
                yield engine(problem.text, group, order=order, at=asked.point, strategy=strategy, names=asked.names)

    return partial(ask, work, expressions, options)


def _with_differences(
    problem: Problem, group: tuple[str, ...] | None, order: int, strategy: str, asked: arguments.Asked
) -> Any:
    from symback.differences import difference_table

    if order > 1:
        raise UsageError("Difference quotients belong to a first derivative.", hint="Leave out --order.")
    return difference_table(problem.text, group, asked.point, strategy=strategy, names=asked.names)


def _mixed(group: tuple[str, ...]) -> str:
    order = ", then by ".join(group)
    each = " ".join(f"--wrt {name}" for name in group)
    return f"the mixed derivative, by {order}; for one derivation per variable write {each}"


def _layout(usual: str, said: str) -> Decorator:
    """Return the option that chooses how a table of derivatives is laid out."""
    choice = click.Choice(["numerator", "denominator"])
    return click.option("--layout", type=choice, default=usual, show_default=True, help=said)


@question("gradient", _layout("denominator", "denominator: a column; numerator: a row."))
def gradient(expressions: tuple[str, ...], layout: str, **options: Any) -> Work:
    """Find all first partial derivatives of EXPR.

    \b
    symback gradient "x y^2 + 3x^2 z"
    symback gradient "x y^2 + 3x^2 z" --wrt x,y --at x=1,y=0,z=2
    """

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.multivariable import gradient as engine

        yield engine(problem.text, asked.variables, at=asked.point, names=asked.names, layout=layout)

    return partial(ask, work, expressions, options)


@question(
    "jacobian",
    _layout("numerator", "numerator: a row a function; denominator: transposed."),
    click.option("--of", metavar="NAME", help="The vector of a graph to differentiate.  [default: the last one]"),
    several=True,
)
def jacobian(expressions: tuple[str, ...], layout: str, of: str | None, **options: Any) -> Work:
    """Find the partial derivatives of several functions, one row per function; or those of a vector on a graph.

    \b
    symback jacobian "x^2 y" "5x + sin y"
    symback jacobian "u = x cos t; v = x sin t" --wrt x,t
    symback jacobian "M: 2x3; z: 3; y = M @ z" --wrt z --layout denominator
    """
    if arguments.is_graph(expressions):
        from symback.cli.graphs import jacobian as of_graph

        return partial(of_graph, expressions, {**options, "layout": layout, "of": of})

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.multivariable import jacobian as engine

        yield engine(problem.text, asked.variables, at=asked.point, names=asked.names, layout=layout)

    return partial(ask, work, expressions, options)


@question(
    "hessian",
    click.option("--loss", metavar="NAME", help="The number of a graph to differentiate.  [default: the last one]"),
)
def hessian(expressions: tuple[str, ...], loss: str | None, **options: Any) -> Work:
    """Find all second partial derivatives of EXPR; or those of a number on a graph, by vectors and numbers.

    \b
    symback hessian "x^3 + x y^2"
    symback hessian "x^3 + x y^2" --at x=1,y=2
    symback hessian "A: n x n; x: n; L = x.T @ A @ x" --wrt x
    """
    if arguments.is_graph(expressions):
        from symback.cli.graphs import hessian as of_graph

        return partial(of_graph, expressions, {**options, "loss": loss})

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.multivariable import hessian as engine

        yield engine(problem.text, asked.variables, at=asked.point, names=asked.names)

    return partial(ask, work, expressions, options)


@question(
    "directional",
    click.option("--direction", required=True, metavar="VECTOR", help="The direction, as in --direction 3,4."),
)
def directional(expressions: tuple[str, ...], direction: str, **options: Any) -> Work:
    """Find the slope of EXPR in a direction.

    \b
    symback directional "x^2/2 + y^2" --direction 3,4
    symback directional "x^2/2 + y^2" --direction -1/2,1 --at x=-0.8,y=0.4
    """

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.multivariable import directional as engine

        components = arguments.read_direction(direction, asked.names)
        yield engine(problem.text, asked.variables, components, at=asked.point, names=asked.names)

    return partial(ask, work, expressions, options)


@question("evaluate", by=False)
def evaluate(expressions: tuple[str, ...], **options: Any) -> Work:
    """Work out the value of EXPR at a point, exactly and as a decimal number.

    \b
    symback evaluate "x^2 + 1" --at x=1/2
    symback evaluate "-(y ln p + (1-y) ln(1-p))" --at y=0,p=0.886
    """

    def work(problem: Problem, asked: arguments.Asked) -> Iterable[Any]:
        from symback.values import evaluate as engine

        yield engine(problem.text, asked.point, names=asked.names)

    return partial(ask, work, expressions, options)


@main.command("rules", cls=ExpressionCommand, short_help=COMMANDS["rules"], context_settings=CONTEXT)
@click.argument("name", nargs=-1)
@click.option(
    "--format", "format_", type=click.Choice(["text", "markdown", "json"]), help="[default: by FILE, or text]"
)
@click.option("-o", "--output", "path", metavar="FILE", help="Write to FILE (atomically) instead of stdout.")
@click.option("--force", is_flag=True, help="Let -o replace a file.")
def rules(name: tuple[str, ...], format_: str | None, path: str | None, force: bool) -> Work:
    """Print the laws that are used, as a table; or those of a name, each with an example worked out.

    \b
    symback rules
    symback rules chain rule
    symback rules sine
    symback rules --format markdown -o rules.md
    """
    return partial(print_rules, " ".join(name), format_, path, force)


def print_rules(wanted: str, format_: str | None, path: str | None, force: bool) -> int:
    """Print the rules that are wanted; UsageError where there are none."""
    load_engine()
    from symback import rulebook

    page = Page(arguments.format_of(format_, path), "full", path, force)
    found = rulebook.find(wanted)
    if not found:
        raise click.UsageError(f"There is no rule {wanted[:60]!r}; `symback rules` lists them all.")
    writers = {"markdown": rulebook.as_markdown, "json": rulebook.as_json}
    plain = rulebook.as_text_with_examples if wanted else rulebook.as_text
    page.write(writers.get(page.format, plain)(found))
    page.close()
    return 0
