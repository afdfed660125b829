"""`logsleuth.records.dataclass` beside the standard library's: whatever this program does with one, both do alike."""

import copy
import dataclasses
import pickle
import sys
from dataclasses import field, fields, replace

import pytest

from logsleuth import records

MAKERS = {"records": records.dataclass, "dataclasses": dataclasses.dataclass}


def classes(make):
    """Of every kind that there is in the package, with one that derives from another."""

    @make(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        tags: list[int] = field(default_factory=list, compare=False)
        """Not compared."""
        _hidden: int = field(default=7, init=False, repr=False)

        @property
        def sum(self):
            return self.x + self.y

    @make(slots=True)
    class Box:
        width: float
        inside: dict[str, int] = field(default_factory=dict, init=False)

    @make(frozen=True)
    class Base:
        name: str
        cache: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    @make(frozen=True)
    class Derived(Base):
        more: tuple[int, ...] = ()

        def __eq__(self, other):
            return self is other

        __hash__ = object.__hash__

    @make(eq=False)
    class Alone:
        pass

    @make(slots=True)
    class Checked:
        size: int

        def __post_init__(self):
            if self.size < 0:
                raise ValueError("negative")

    return Point, Box, Base, Derived, Alone, Checked


@pytest.fixture(params=MAKERS, scope="module")
def made(request):
    out = classes(MAKERS[request.param])
    for cls in out:  # so that pickle finds them
        cls.__qualname__ = cls.__name__
        setattr(sys.modules[__name__], cls.__name__, cls)
    return out


def test_instances_are_made_shown_and_compared(made):
    point, box, base, derived, alone, checked = made
    assert repr(point(1)) == "Point(x=1, y=2, tags=[])"
    assert point(1, y=3).sum == 4
    assert point(1)._hidden == 7
    assert point(1, tags=[1]) == point(1)
    assert point(1) != point(2)
    assert point(1) != (1, 2)
    assert hash(point(1)) == hash(point(1, tags=[2]))
    assert point(1).tags is not point(1).tags
    assert not hasattr(point(1), "__dict__")
    assert box(1.5) == box(1.5)
    assert box(1.5).inside == {}
    with pytest.raises(TypeError):
        hash(box(1.5))
    assert derived("a", more=(1,)).more == (1,)
    assert repr(derived("a")) == "Derived(name='a', more=())"
    assert derived("a") != derived("a")
    assert len({derived("a"), derived("a")}) == 2
    assert alone() != alone()
    assert hash(base("a")) == hash(base("a"))
    with pytest.raises(ValueError, match="negative"):
        checked(-1)


def test_arguments_are_held_to_the_fields(made):
    for wrong in (made[0], lambda: made[0](1, 2, [], 4), lambda: made[0](1, z=3), lambda: made[1](1, {})):
        with pytest.raises(TypeError):
            wrong()


def test_what_is_frozen_stays_as_it_is(made):
    for one in (made[0](1), made[2]("a")):
        name = fields(one)[0].name
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(one, name, 2)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(one, name)
    box = made[1](1.5)
    box.width = 2.5
    assert box.width == 2.5
    with pytest.raises(AttributeError):
        box.depth = 1


def test_the_functions_of_the_standard_library_know_them(made):
    point, _, base, derived, _, _ = made
    assert [f.name for f in fields(point)] == ["x", "y", "tags", "_hidden"]
    assert [f.name for f in fields(derived)] == ["name", "cache", "more"]
    assert dataclasses.is_dataclass(base)
    assert replace(point(1), y=5) == point(1, 5)
    assert replace(derived("a", more=(1,)), name="b").more == (1,)
    assert dataclasses.astuple(point(1)) == (1, 2, [], 7)
    with pytest.raises(ValueError, match="_hidden"):
        replace(point(1), _hidden=1)


def test_they_can_be_sent_to_another_process(made):
    point, box, base, *_ = made
    for one in (point(1, tags=[3]), box(1.5), base("a")):
        assert pickle.loads(pickle.dumps(one)) == one
        assert copy.copy(one) == one
    assert pickle.loads(pickle.dumps(point(1, tags=[3]))).tags == [3]


def test_one_can_be_matched_by_its_places(made):
    match made[0](1, 5):
        case Point(x, y):  # type: ignore[name-defined] # noqa: F821 - the fixture put it there
            assert (x, y) == (1, 5)


def test_either_kind_can_derive_from_the_other():
    @records.dataclass(frozen=True)
    class Own:
        a: int

    @dataclasses.dataclass(frozen=True)
    class Theirs(Own):
        b: int = 2

    @records.dataclass(frozen=True)
    class Again(Theirs):
        c: int = 3

    assert Theirs(1) == Theirs(1, 2)
    assert repr(Again(1, c=4)).endswith("Again(a=1, b=2, c=4)")
    assert [f.name for f in fields(Again)] == ["a", "b", "c"]
