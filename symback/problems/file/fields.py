"""The types of keys, one class per type: what a value may be, in words and as JSON Schema.

They stand in three files by what they hold; kinds write them as `f.Order(..)`.
"""

from __future__ import annotations

from symback.problems.file.field import Field as Field
from symback.problems.file.field import Kept as Kept
from symback.problems.file.field import Required as Required
from symback.problems.file.field import Schema as Schema
from symback.problems.file.field import Style as Style
from symback.problems.file.fields_of_numbers import Distractors as Distractors
from symback.problems.file.fields_of_numbers import Order as Order
from symback.problems.file.fields_of_numbers import Points as Points
from symback.problems.file.fields_of_numbers import Positive as Positive
from symback.problems.file.fields_of_numbers import Rate as Rate
from symback.problems.file.fields_of_numbers import Scalar as Scalar
from symback.problems.file.fields_of_numbers import Whole as Whole
from symback.problems.file.fields_of_points import Accuracy as Accuracy
from symback.problems.file.fields_of_points import Answer as Answer
from symback.problems.file.fields_of_points import Arrays as Arrays
from symback.problems.file.fields_of_points import Data as Data
from symback.problems.file.fields_of_points import Direction as Direction
from symback.problems.file.fields_of_points import Given as Given
from symback.problems.file.fields_of_points import Interval as Interval
from symback.problems.file.fields_of_points import Place as Place
from symback.problems.file.fields_of_points import Point as Point
from symback.problems.file.fields_of_points import PointsOfGraph as PointsOfGraph
from symback.problems.file.fields_of_points import Validation as Validation
from symback.problems.file.fields_of_text import Assumptions as Assumptions
from symback.problems.file.fields_of_text import Choice as Choice
from symback.problems.file.fields_of_text import Detail as Detail
from symback.problems.file.fields_of_text import Equation as Equation
from symback.problems.file.fields_of_text import Expression as Expression
from symback.problems.file.fields_of_text import Expressions as Expressions
from symback.problems.file.fields_of_text import Flag as Flag
from symback.problems.file.fields_of_text import Forms as Forms
from symback.problems.file.fields_of_text import Graph as Graph
from symback.problems.file.fields_of_text import Id as Id
from symback.problems.file.fields_of_text import Language as Language
from symback.problems.file.fields_of_text import Layout as Layout
from symback.problems.file.fields_of_text import Length as Length
from symback.problems.file.fields_of_text import Maths as Maths
from symback.problems.file.fields_of_text import Name as Name
from symback.problems.file.fields_of_text import Options as Options
from symback.problems.file.fields_of_text import Pictures as Pictures
from symback.problems.file.fields_of_text import Products as Products
from symback.problems.file.fields_of_text import Side as Side
from symback.problems.file.fields_of_text import Text as Text
from symback.problems.file.fields_of_text import Texts as Texts
from symback.problems.file.fields_of_text import Where as Where
from symback.problems.file.fields_of_text import Words as Words
