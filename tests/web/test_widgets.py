"""Fields drawn without templates say what Django's own would say."""

from django import forms
from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from kpi.widgets import Choose, Day

TEXT = st.text(max_size=8)


@st.composite
def some_choices(draw: st.DrawFn) -> list[tuple[str, object]]:
    """Each value once; the last of them in a group."""
    values = draw(st.lists(TEXT, unique=True, max_size=6))
    cut = draw(st.integers(0, len(values)))
    alone: list[tuple[str, object]] = [(value, draw(TEXT)) for value in values[:cut]]
    return [*alone, (draw(TEXT.filter(bool)), [(value, draw(TEXT)) for value in values[cut:]])] if values[cut:] else alone


@given(some_choices(), TEXT, st.booleans())
def test_a_select_is_drawn_as_djangos_own(choices: list[tuple[str, object]], value: str, required: bool) -> None:
    attrs = {"id": "filter-site", "required": required}
    own, theirs = (kind(choices=choices).render("site", value, attrs) for kind in (Choose, forms.Select))
    assert squeezed(own) == squeezed(theirs)


@given(st.dates() | st.none())
def test_a_day_is_drawn_as_djangos_own(value: object) -> None:
    attrs = {"type": "date", "min": "1990-01-01"}
    own, theirs = (kind(attrs=attrs, format="%Y-%m-%d").render("from", value, {"id": "filter-from"}) for kind in (Day, forms.DateInput))
    SimpleTestCase().assertHTMLEqual(own.replace(' type="date"', ""), theirs.replace(' type="date"', "").replace(' type="text"', ""))


def squeezed(markup: str) -> str:
    """Without the line breaks of a template between tags."""
    lines = (line.strip() for line in markup.replace(">\n", "> ").split("> "))
    return ">".join(lines).replace("> <", "><").replace("\n", "")
