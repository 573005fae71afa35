"""The words of a page in other languages: one table from English sentences to those of another language.

What symback says is written in English, in the code. A table has each sentence as a key, with holes where something is
put in, and what it is called in the other language. A page is translated just before it is written, so a table is
all there is to a language; `de.toml` is the one for German, and the list of what a table must have.

>>> german = words_of("de")
>>> german.say("product rule"), german.say("Verified at 12 points."), german.say("2.5 points")
('Produktregel', 'An 12 Punkten nachgeprüft.', '2,5 Punkte')
"""

from __future__ import annotations

from symback.words.table import ENGLISH as ENGLISH
from symback.words.table import Words as Words
from symback.words.tables import LANGUAGES as LANGUAGES
from symback.words.tables import entries_of as entries_of
from symback.words.tables import faults_of_table as faults_of_table
from symback.words.tables import text_of as text_of
from symback.words.tables import words_of as words_of
