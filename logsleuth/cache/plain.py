"""Objects as data that JSON knows, and back: of a few known classes alone, and nothing in it is ever run.

A tuple is [-1, items...], a list [-2, items...], an object [n, fields...] where n is its class's place among those that
are known. One of a `shared` class that was met before is [-3, k]: the k-th of them, in the order in which they end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

Data = Any
"""What JSON gives back."""
_TUPLE, _LIST, _AGAIN = -1, -2, -3


class Plain:
    """Turns objects of some classes to data. Those that are no dataclasses name their fields themselves."""

    def __init__(
        self, classes: Sequence[type], named: Mapping[type, tuple[str, ...]] | None = None, shared: Sequence[type] = ()
    ) -> None:
        named = named or {}
        self._classes = (*classes, *named)
        self._names = [named.get(cls) or tuple(f.name for f in fields(cls)) for cls in self._classes]
        self._numbers = {cls: n for n, cls in enumerate(self._classes)}
        self._shared = frozenset(self._numbers[cls] for cls in shared)

    def data(self, value: object) -> Data:
        """Raises TypeError for what is of no known class."""
        return self._data(value, {})

    def _data(self, value: object, seen: dict[object, int]) -> Data:
        if value is None or isinstance(value, (str, int, float)):
            return value
        if isinstance(value, (tuple, list)):
            return [_TUPLE if isinstance(value, tuple) else _LIST, *(self._data(v, seen) for v in value)]
        if isinstance(value, dict):
            if not all(isinstance(key, str) for key in value):
                raise TypeError("a key that is no text")
            return {key: self._data(v, seen) for key, v in value.items()}
        number = self._numbers.get(type(value))
        if number is None:
            raise TypeError(f"{type(value).__name__} is not among the known classes")
        if number in self._shared and value in seen:
            return [_AGAIN, seen[value]]
        out = [number, *(self._data(getattr(value, name), seen) for name in self._names[number])]
        if number in self._shared:
            seen[value] = len(seen)
        return out

    def value(self, data: Data) -> Any:
        """What `data` was given. Raises ValueError, TypeError or IndexError where it is none of that."""
        made: list[object] = []
        classes: tuple[Any, ...] = self._classes
        names, shared = self._names, self._shared

        def back(data: Data) -> Any:
            # What is neither a list nor an object is itself: most is, and is not worth a call.
            if data.__class__ is list:
                kind = data[0]
                if kind == _AGAIN:
                    return made[data[1]]
                inside = [back(d) if d.__class__ is list or d.__class__ is dict else d for d in data[1:]]
                if kind < 0:
                    return tuple(inside) if kind == _TUPLE else inside
                if len(inside) != len(names[kind]):
                    raise ValueError("an object with other fields")
                one = classes[kind](*inside)
                if kind in shared:
                    made.append(one)
                return one
            if data.__class__ is dict:
                return {key: back(v) for key, v in data.items()}
            return data

        return back(data)
