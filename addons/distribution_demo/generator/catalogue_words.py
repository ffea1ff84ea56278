"""The product families of an industrial distributor, as data.

A family is a sentence with holes and the words that fill them; every combination is
one product. ``growth`` says how much dearer each further word of a hole is.
"""

from dataclasses import dataclass

THREADS = ("M4", "M5", "M6", "M8", "M10", "M12", "M14", "M16", "M20", "M24", "M30")
LENGTHS = tuple(str(mm) for mm in (*range(10, 60, 5), *range(60, 210, 10)))
FINISHES = ("zinc plated", "plain", "galvanised", "stainless A2", "stainless A4")
PACKS = ("box of 50", "box of 100", "box of 200")
MAKES = ("Corvane", "Tessel", "Brunnhof", "Aldex", "Kestrin", "Norvik")
GRADES = ("standard", "heavy duty", "extreme")
SIZES = ("XS", "S", "M", "L", "XL", "XXL", "3XL")
COLOURS = ("grey", "black", "blue", "red", "yellow", "green", "orange", "white")
BORES = tuple(str(mm) for mm in range(10, 130, 5))
GRITS = tuple(f"P{grit}" for grit in (24, 36, 40, 60, 80, 100, 120, 180, 240, 320, 400))
INCHES = ("1/8", "1/4", "3/8", "1/2", "5/8", "3/4", "1", "1 1/4", "1 1/2", "2")


@dataclass(frozen=True)
class Family:
    code: str
    sentence: str
    words: tuple
    cost: float
    growth: tuple
    weight: float
    typical: int  # units a customer usually orders on one line

    @property
    def size(self):
        size = 1
        for words in self.words:
            size *= len(words)
        return size


@dataclass(frozen=True)
class CategorySpec:
    code: str
    name: str
    share: int
    cost_method: str
    valuation: str
    margin: tuple
    families: tuple


def numbers(first, last, step):
    return tuple(str(number) for number in range(first, last, step))
