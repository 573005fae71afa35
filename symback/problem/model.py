"""The keys of a problem file: one model a kind; what the JSON Schema says comes from here too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from symback.problem import fields as f
from symback.problem.fields import Table, optional
from symback.problem.parameters import NAME, Parameter
from symback.problem.ranges import Values
from symback.problem.sheet import KINDS
from symback.problem.values import ID_RULE, fault


class Base(Table):
    """What every problem may have."""

    example: ClassVar[str] = ""  # of the keys that a kind needs

    id: f.Id = optional(f"A name for links and results (p1, p2, ...). {ID_RULE}")
    title: f.Text = optional("The heading of the problem.", "")
    text: f.Text = optional("The words of the problem: Markdown, with formulas between dollar signs.", "")
    points: f.Points = optional("What the problem counts.")
    hints: f.Texts = optional("A hint, or several in the order in which they help.", ())
    answer: f.Answer = optional("The right answer. It is checked, never trusted.")
    picture: f.Pictures = optional("A picture: graph, contour or loss; or a list of them.", ())
    symbols: f.Texts = optional("Names of several letters, which would be products else.", ())
    detail: f.Detail = optional("How many steps are shown.", "normal")
    parameters: dict[str, Values] = optional("Values that differ from variant to variant.", {})
    reject: f.Texts = optional(
        "Conditions under which a variant is drawn again: '{{a}} = {{b}}', 'answer.x = 0', 'value = 0'.", ()
    )

    @property
    def drawn(self) -> tuple[Parameter, ...]:
        """The parameters as plain data."""
        return tuple(values.parameter(name) for name, values in self.parameters.items())

    @model_validator(mode="after")
    def _names(self) -> Self:
        for name in self.parameters:
            if not NAME.fullmatch(name):
                fault("must begin with a letter and go on with letters, digits or _", path=("parameters", name))
        return self

    def own(self) -> dict[str, Any]:
        """Return the keys of the kind that the file gives, as it gives them."""
        given = self.model_fields_set - Base.model_fields.keys() - {"kind"}
        return {key: getattr(self, key) for key in type(self).model_fields if key in given}


_EXPR = "The function, as in 'x^2 y', 'f(x, y) = x^2 y' or 'p = 0.5 o; o = x^2'."
_WRT = "The variables to differentiate by."
_AT = "A point, as in {x = 2, y = '1/2'}; the values there are worked out too."


class Derive(Base):
    """A derivative, step by step."""

    example: ClassVar[str] = "expr = '3x^2 y'"
    kind: Literal["derive"] = Field(description="What is asked.")
    expr: f.Maths = Field(description=_EXPR)
    wrt: f.Texts = optional(f"{_WRT} ['x', 'y'] asks for one derivative each, ['x,y'] for the mixed one.")
    order: f.Order = optional("How often to differentiate.", 1)
    at: f.Point = optional(_AT)
    strategy: f.Strategy = optional("literal uses the rule that the written form asks for.", "textbook")
    differences: f.Flag = optional("Add a table of difference quotients at the point.", False)

    @model_validator(mode="after")
    def _differences(self) -> Self:
        if self.differences and not self.at:
            fault("needs a point", "Add at, as in at = {x = 2}.", ("differences",))
        if self.differences and self.order > 1:
            fault("belongs to a first derivative", "Leave order or differences out.", ("differences",))
        return self


class Gradient(Base):
    """All first partial derivatives of a function."""

    example: ClassVar[str] = "expr = 'x^2 y'"
    kind: Literal["gradient"] = Field(description="What is asked.")
    expr: f.Maths = Field(description=_EXPR)
    wrt: f.Texts = optional(_WRT)
    at: f.Point = optional(_AT)
    layout: f.Layout = optional("denominator: a column; numerator: a row.", "denominator")


class Jacobian(Base):
    """The partial derivatives of several functions, or of a vector in a graph by one of the names in it."""

    example: ClassVar[str] = "expr = ['x^2 y', '5x + sin y']"
    kind: Literal["jacobian"] = Field(description="What is asked.")
    expr: f.Texts = optional("The functions: a list, or one text with semicolons between them.")
    graph: f.Maths = optional("Instead of expr: a graph, one assignment a line.")
    of: f.Maths = optional("With graph: the name of the vector that is differentiated.")
    wrt: f.Texts = optional(f"{_WRT} With graph: one name.")
    at: f.Arrays = optional(_AT)
    layout: f.Layout = optional("numerator: a row for each function; denominator: transposed.", "numerator")

    @model_validator(mode="after")
    def _expr_or_graph(self) -> Self:
        given = self.model_fields_set
        if ("expr" in given) == ("graph" in given):
            fault("needs either expr or graph", f"Write {self.example}, or a graph with of and wrt.")
        if "graph" in given and not ("of" in given and isinstance(self.wrt, str)):
            fault("needs of and wrt beside graph", "Write of = 'y' and wrt = 'x', each one name of the graph.")
        if "expr" in given:
            self._for_expressions()
        return self

    def _for_expressions(self) -> None:
        if "of" in self.model_fields_set:
            fault("belongs to graph, not to expr", path=("of",))
        for name, value in (self.at or {}).items():
            if isinstance(value, list):
                fault("must be a number or a text, not a list", path=("at", name))


class Hessian(Base):
    """All second partial derivatives of a function, or those of a number in a graph by one or two of its names."""

    example: ClassVar[str] = "expr = 'x^3 + x y^2'"
    kind: Literal["hessian"] = Field(description="What is asked.")
    expr: f.Maths = optional(_EXPR)
    graph: f.Maths = optional("Instead of expr: a graph, one assignment a line.")
    loss: f.Maths = optional("With graph: the number that is differentiated (the last node).")
    wrt: f.Texts = optional(f"{_WRT} With graph: one name, or two for a mixed block.")
    at: f.Arrays = optional(_AT)

    @model_validator(mode="after")
    def _expr_or_graph(self) -> Self:
        given = self.model_fields_set
        if ("expr" in given) == ("graph" in given):
            fault("needs either expr or graph", f"Write {self.example}, or a graph with wrt.")
        names = [self.wrt] if isinstance(self.wrt, str) else list(self.wrt or ())
        if "graph" in given and not 1 <= len(names) <= 2:
            fault("needs wrt beside graph", "Write wrt = 'x', one name of the graph, or two for a mixed block.")
        if "expr" in given and "loss" in given:
            fault("belongs to graph, not to expr", path=("loss",))
        for name, value in (self.at or {}).items() if "expr" in given else ():
            if isinstance(value, list):
                fault("must be a number or a text, not a list", path=("at", name))
        return self


class Directional(Base):
    """The slope of a function in a direction."""

    example: ClassVar[str] = "expr = 'x^2/2 + y^2' and direction = [3, 4]"
    kind: Literal["directional"] = Field(description="What is asked.")
    expr: f.Maths = Field(description=_EXPR)
    direction: f.Direction = Field(description="The direction, as in [3, 4] or ['1/2', 1].")
    wrt: f.Texts = optional(_WRT)
    at: f.Point = optional(_AT)


class Evaluate(Base):
    """The value of an expression at a point."""

    example: ClassVar[str] = "expr = 'x^2 + 1' and at = {x = '1/2'}"
    kind: Literal["evaluate"] = Field(description="What is asked.")
    expr: f.Maths = Field(description=_EXPR)
    at: f.Point = optional("The values of the variables, as in {x = 2, y = '1/2'}.")


class Backprop(Base):
    """Forward and backward through a computation graph."""

    example: ClassVar[str] = "graph = 'd = 2b; e = a + d; L = c e'"
    kind: Literal["backprop"] = Field(description="What is asked.")
    graph: f.Maths = Field(description="The graph, one assignment a line.")
    at: f.PointsOfGraph = optional(
        "Values by name: numbers and arrays; a list of such tables for several forward passes."
    )
    wrt: f.Texts = optional("The names to differentiate by (all inputs).")
    loss: f.Maths = optional("The node that is differentiated (the last one).")
    learning_rate: f.Rate = optional("Add a step of gradient descent with this rate.")
    layout: f.Layout = optional("How a vector by a number and a matrix are laid out.", "denominator")
    exact: f.Flag = optional("Work with fractions as far as they go.", False)
    function: f.Flag = optional("Also write the graph as one expression.", False)
    forward_only: f.Flag = optional("Leave the backward pass out.", False)


class Train(Base):
    """Gradient descent on a network; an input without data is a parameter."""

    example: ClassVar[str] = "graph = 'L = mse(w x + b, y)' and data = {x = [1, 2], y = [2, 3]}"
    kind: Literal["train"] = Field(description="What is asked.")
    graph: f.Maths = Field(description="The graph, ending with the loss.")
    data: f.Data = optional("A table of arrays, or the name of a .csv or .npz file beside the sheet.")
    validation: f.Validation = optional("Data that are not trained on, or the part of the data that is kept out.")
    constants: f.Arrays = optional("Values that stay as they are.")
    parameters_start: f.Arrays = optional("Initial values of parameters; the others are drawn.")
    loss: f.Maths = optional("The node to make small (the last one).")
    accuracy: f.Accuracy = optional("The node that predicts, for the accuracy; false for none.")
    labels: f.Maths = optional("What is right, by its name (what the loss compares with).")
    method: f.Method = optional("After how many examples.", "full")
    batch: f.Positive = optional("The examples of a mini-batch.", 32)
    learning_rate: f.Rate = optional("The step along the gradient.")
    momentum: f.Points = optional("The part of the last step that is added, from 0 up to, not, 1.")
    adam: f.Flag = optional("Use the method Adam.", False)
    epochs: f.Count = optional("The most passes through the data.", 100)
    tolerance: f.Points = optional("By how much the loss has to fall.")
    patience: f.Positive = optional("In how many epochs it has to fall.", 50)
    best: f.Flag = optional("Keep the parameters of the epoch with the least loss.", False)
    seed: f.Count = optional("Random seed for initial values and shuffling.", 0)
    axis: f.Count = optional("The axis of the data along which the examples stand.", 0)

    @model_validator(mode="after")
    def _settings(self) -> Self:
        if (self.momentum or 0) >= 1:
            fault("must be below 1", path=("momentum",))
        if self.adam and self.momentum:
            fault("has a momentum of its own", "Leave one of adam and momentum out.", ("adam",))
        return self


class Matrix(Base):
    """Products of vectors and matrices, worked out entry by entry."""

    example: ClassVar[str] = "values = {W = [[1, 2], [3, 4]], x = [1, -1]} and expr = 'W x'"
    kind: Literal["matrix"] = Field(description="What is asked.")
    values: f.Arrays = Field(description="The vectors and matrices by name.")
    expr: f.Texts = Field(description="A product such as 'W X', 'x . w' or 'X Y^T'; or a list of them.")


MODELS: Mapping[str, type[Base]] = {
    model.__name__.lower(): model
    for model in (Derive, Gradient, Jacobian, Hessian, Directional, Evaluate, Backprop, Train, Matrix)
}
assert tuple(MODELS) == KINDS

AnyProblem = Annotated[
    Derive | Gradient | Jacobian | Hessian | Directional | Evaluate | Backprop | Train | Matrix,
    Field(discriminator="kind"),
]


class Head(Table):
    """What stands above the problems of a file."""

    title: f.Text = optional("The title of the sheet (the name of the file).", "")
    text: f.Text = optional("An introduction: Markdown, with formulas between dollar signs.", "")
    language: f.Language = optional("The language of the author's own words.", "en")


class File(Head):
    """A sheet of problems that symback works: `symback solve FILE`."""

    problem: list[AnyProblem] = Field(min_length=1, max_length=10_000, description="The problems, each [[problem]].")
