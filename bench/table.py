"""The table in which every part of the bench tells its figures."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A line of the table; `value` is held against `most`, and a figure without one is only told."""

    name: str
    ours: str
    floor: str = ""
    value: float | None = None
    most: float | None = None
    unit: str = ""

    @property
    def goal(self) -> str:
        return "" if self.most is None else f"≤ {self.most:g}{self.unit}"

    @property
    def got(self) -> str:
        return "" if self.value is None else f"{self.value:.3g}{self.unit}"

    @property
    def verdict(self) -> str:
        if self.most is None or self.value is None:
            return ""
        return "met" if self.value <= self.most else "MISSED"


WIDTHS = (56, 34, 10, 9, 9)


def line(figure: Figure) -> str:
    cells = (figure.name, figure.ours, figure.floor, figure.got, figure.goal)
    return "  ".join([*(cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True)), figure.verdict]).rstrip()
