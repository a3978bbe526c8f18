"""What keeps a run on one small file short: values that are cheap to define, and modules that nobody asked for."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

import complexity_guard as cg


class Ours(cg.NamedTuple):
    """Words."""

    a: int
    b: str = "x"
    c: float | None = None

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


class Real(typing.NamedTuple):
    """Words."""

    a: int
    b: str = "x"
    c: float | None = None

    @property
    def both(self) -> str:
        return f"{self.a}{self.b}"


GIVEN = [((1,), {}), ((1, "y", 2.5), {}), ((), {"a": 1}), ((1,), {"c": 3}), ((), {"c": 1, "b": "", "a": 0})]
REFUSED = [((), {}), ((1, 2, 3, 4), {}), ((1,), {"a": 1}), ((1,), {"d": 1}), ((), {"b": "y"}), ((1, 2, 3), {"c": 3})]
LOOKS = {
    "values": tuple,
    "repr": lambda row: repr(row).partition("(")[2],
    "fields": lambda row: (row.a, row.b, row.c, row.both),
    "as a dict": lambda row: row._asdict(),
    "replaced": lambda row: tuple(row._replace(c=0, a=9)),
    "pickled": lambda row: [type(again) is type(row) and tuple(again) for again in (pickle.loads(pickle.dumps(row, p)) for p in range(6))],
    "copied": lambda row: [type(again) is type(row) and tuple(again) for again in (copy.copy(row), copy.deepcopy(row))],
    "hashed": hash,
    "compared": lambda row: (row == tuple(row), row < (5,), row + (1,), len(row), row[-1], list(row)),
    "made of values": lambda row: tuple(type(row)._make(row)),
    "described": lambda row: (row._fields, row._field_defaults, row.__match_args__, row.__doc__, row.__module__, typing.get_type_hints(type(row))),
    "closed": lambda row: hasattr(row, "__dict__"),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("values", "named"), GIVEN, ids=str)
def test_our_named_tuples_are_those_of_typing(look, values, named):
    assert look(Ours(*values, **named)) == look(Real(*values, **named))


@pytest.mark.parametrize("make", [Ours, Real])
@pytest.mark.parametrize(("values", "named"), REFUSED, ids=str)
def test_values_that_do_not_fit_are_refused(make, values, named):
    with pytest.raises(TypeError, match=make.__name__):
        make(*values, **named)


@pytest.mark.parametrize("row", [Ours(1), Real(1)], ids=["ours", "typing's"])
def test_named_tuples_cannot_be_changed(row):
    with pytest.raises(AttributeError):
        row.a = 2
    with pytest.raises(AttributeError):
        row.other = 2
    with pytest.raises((TypeError, ValueError)):
        row._replace(other=2)


def test_a_class_of_ours_can_be_extended():
    class More(Ours):
        def twice(self) -> int:
            return 2 * self.a

    assert More(4).twice() == 8 and repr(More(a=4)) == "More(a=4, b='x', c=None)"


def test_every_record_of_the_program_has_its_defaults_last():
    """typing refuses others; ours does not look, to be cheap."""
    for made in vars(cg).values():
        if isinstance(made, type) and issubclass(made, cg.NamedTuple):
            defaults = list(made._field_defaults)
            assert list(made._fields[len(made._fields) - len(defaults) :]) == defaults, made
