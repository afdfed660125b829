"""`dataclass`, made when it is used: a run loads some hundred and fifty classes and makes instances of half of them.

The standard library writes and compiles up to six functions for each class, which was a quarter of the program's start.
Here `__init__` alone is compiled, when the first instance is made; the others are shared. What `dataclasses.fields` and
`replace` look at is made when they look. Of what `dataclasses.dataclass` can do there is what this program needs:
`frozen`, `slots`, `eq` and `field`; checkers take it for the original.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass

__all__ = ["dataclass"]

_FIELDS, _PARAMS = "__dataclass_fields__", "__dataclass_params__"
_MISSING = dataclasses.MISSING
Specs = dict[str, "dataclasses.Field[Any]"]

if not TYPE_CHECKING:

    def dataclass(cls=None, *, frozen=False, slots=False, eq=True):  # noqa: ANN001, ANN201 - as the original
        """As `dataclasses.dataclass`."""
        if cls is None:
            return lambda made: _made(made, frozen=frozen, slots=slots, eq=eq)
        return _made(cls, frozen=frozen, slots=slots, eq=eq)


def _made(cls: type, *, frozen: bool, slots: bool, eq: bool) -> type:
    specs, inherited = _specs(cls)
    made: dict[str, Any] = {
        "__record__": specs,
        _FIELDS: _Original(_FIELDS),
        _PARAMS: _Original(_PARAMS, frozen=frozen),
        "__match_args__": tuple(name for name, spec in specs.items() if spec.init),
        "__repr__": _repr,
    }
    if eq:
        values = _values(tuple(name for name, spec in specs.items() if spec.compare))
        made["__eq__"] = _equal(values)
        made["__hash__"] = (lambda self: hash(values(self))) if frozen else None
    if frozen:
        made["__setattr__"], made["__delattr__"] = _refuse_to_set, _refuse_to_delete
    own = {name: value for name, value in made.items() if name not in cls.__dict__ or value is None}
    if eq and "__hash__" in cls.__dict__ and cls.__dict__["__hash__"] is not None:
        own.pop("__hash__", None)
    if slots:
        cls = _with_slots(cls, specs, inherited, own, frozen=frozen)
    else:
        for name, spec in specs.items():
            if name in cls.__dict__:
                if spec.default is _MISSING:
                    delattr(cls, name)
                else:
                    setattr(cls, name, spec.default)
        for name, value in own.items():
            setattr(cls, name, value)
    if "__init__" not in cls.__dict__:
        cls.__init__ = _first_init(cls, specs, frozen=frozen)  # type: ignore[misc]
    return cls


def _specs(cls: type) -> tuple[Specs, set[str]]:
    """The fields, those of the bases first, and the names that these have places for already."""
    specs: Specs = {}
    inherited: set[str] = set()
    for base in cls.__mro__[-2:0:-1]:
        specs.update(base.__dict__.get("__record__") or getattr(base, _FIELDS, {}))
        inherited.update(base.__dict__.get("__slots__", ()))
    for name in cls.__annotations__:
        value = cls.__dict__.get(name, _MISSING)
        spec = value if isinstance(value, dataclasses.Field) else dataclasses.field(default=value)
        spec.name = name
        specs[name] = spec
    return specs, inherited


def _with_slots(cls: type, specs: Specs, inherited: set[str], own: dict[str, Any], *, frozen: bool) -> type:
    """The class anew: places cannot be added to one that is there."""
    members = {k: v for k, v in cls.__dict__.items() if k not in specs and k not in {"__dict__", "__weakref__"}}
    members.update(own, __slots__=tuple(name for name in specs if name not in inherited), __qualname__=cls.__qualname__)
    if frozen:
        members.setdefault("__getstate__", _get_state)
        members.setdefault("__setstate__", _set_state)
    return type(cls)(cls.__name__, cls.__bases__, members)


class _Original:
    """What the standard library keeps on a class for its own functions, had from it when it is first asked for."""

    def __init__(self, attribute: str, *, frozen: bool = False) -> None:
        self._attribute, self._frozen = attribute, frozen

    def __get__(self, instance: object, owner: type) -> Any:
        cls = next(one for one in owner.__mro__ if one.__dict__.get(self._attribute) is self)
        members: dict[str, Any] = {name: _copied(spec) for name, spec in cls.__dict__["__record__"].items()}
        members |= {
            "__annotations__": dict.fromkeys(members, Any),
            "__doc__": "Its fields.",
            "__module__": cls.__module__,
        }
        like: type[Any] = type(cls.__name__, (), members)
        dataclasses.dataclass(init=False, repr=False, eq=False, frozen=self._frozen)(like)
        found = getattr(like, self._attribute)
        type.__setattr__(cls, self._attribute, found)
        return found


def _copied(spec: dataclasses.Field[Any]) -> Any:
    kinds = {name: getattr(spec, name) for name in ("default", "default_factory", "init", "repr", "compare")}
    return dataclasses.field(**kinds)


def _first_init(cls: type, specs: Specs, *, frozen: bool) -> Any:
    def __init__(self: Any, *args: Any, **named: Any) -> None:  # noqa: N807 - it stands for the method
        made = _init(cls, specs, frozen=frozen)
        type.__setattr__(cls, "__init__", made)
        made(self, *args, **named)

    return __init__


def _init(cls: type, specs: Specs, *, frozen: bool) -> Any:
    """`__init__` of all fields, compiled."""
    scope: dict[str, Any] = {"_set": object.__setattr__, "_unset": _MISSING}
    arguments, body = ["self"], []
    for name, spec in specs.items():
        value = name
        if spec.default_factory is not _MISSING:
            scope[f"_make_{name}"] = spec.default_factory
            arguments += [f"{name}=_unset"] if spec.init else []
            value = f"_make_{name}() if {name} is _unset else {name}" if spec.init else f"_make_{name}()"
        elif spec.default is not _MISSING:
            scope[f"_else_{name}"] = spec.default
            arguments += [f"{name}=_else_{name}"] if spec.init else []
            value = name if spec.init else f"_else_{name}"
        elif spec.init:
            arguments.append(name)
        else:
            continue
        body.append(f" _set(self, '{name}', {value})" if frozen else f" self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    text = f"def __init__({', '.join(arguments)}):\n" + ("\n".join(body) or " pass")
    exec(text, scope)  # noqa: S102 - names of a class's fields alone, as the standard library does
    made = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _values(names: tuple[str, ...]) -> Any:
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda self: (getattr(self, names[0]),)) if names else (lambda _: ())


def _equal(values: Any) -> Any:
    def __eq__(self: Any, other: Any) -> Any:  # noqa: N807 - it stands for the method
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name, spec in self.__record__.items() if spec.repr)
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_to_set(self: Any, name: str, value: Any) -> None:  # noqa: ARG001 - as Python calls it
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: Any, name: str) -> None:  # noqa: ARG001 - as Python calls it
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__record__]


def _set_state(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__record__, state, strict=True):
        object.__setattr__(self, name, value)
