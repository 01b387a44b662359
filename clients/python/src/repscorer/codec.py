"""Models to JSON and back. What is None is not sent; keys of answers that no model has are left out."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from . import models

T = TypeVar("T")
_Read = Callable[[Any], Any]


def dumps(value: object) -> bytes:
    """JSON in one line. Refuses numbers that JSON has no word for (ValueError)."""
    return json.dumps(value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """What the encoder does not know itself: models, and the sequences and numbers of other libraries."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = ((key, getattr(value, name)) for name, key, _ in _fields(type(value)))
        return {key: part for key, part in parts if part is not None}
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"JSON has no word for a {type(value).__name__}")


def loads(content: bytes, kind: type[T]) -> T:
    """Reads a model, or a list of them. Raises ValueError, naming the place, for what is none."""
    return read(json.loads(content), kind)


def read(value: Any, kind: type[T]) -> T:
    return typing.cast(T, _reader(typing.cast(Any, kind))(value))


@cache
def _fields(kind: type) -> tuple[tuple[str, str, Any], ...]:
    """Name, key and type of each field. Types are looked up in the module alone: a field may be called as one."""
    return tuple(
        (each.name, each.metadata.get("key", each.name), eval(str(each.type), vars(models)))
        for each in dataclasses.fields(kind)
    )


@cache
def _reader(kind: Any) -> _Read:
    if dataclasses.is_dataclass(kind):
        return _model(typing.cast(type, kind))
    origin, of = typing.get_origin(kind), typing.get_args(kind)
    if origin is list:
        each = _reader(of[0])
        return lambda value: [each(part) for part in _expect(value, list)]
    if origin is dict:
        each = _reader(of[1])
        return lambda value: {key: each(part) for key, part in _expect(value, dict).items()}
    if origin in (typing.Union, types.UnionType):
        readers = [_reader(part) for part in of if part is not type(None)]
        return _optional(readers[0]) if len(readers) == 1 else lambda value: value
    if kind is float:
        return lambda value: float(_expect(value, (int, float)))
    if kind in (int, str, bool):
        return lambda value: _expect(value, kind)
    return lambda value: value  # a word of an enum, or anything


def _optional(inner: _Read) -> _Read:
    return lambda value: None if value is None else inner(value)


def _expect(value: Any, kind: type | tuple[type, ...]) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"expected {getattr(kind, '__name__', 'a number')}, got {type(value).__name__}")
    return value


def _model(kind: type) -> _Read:
    parts: list[tuple[str, str, _Read]] | None = None

    def of(value: Any) -> Any:
        nonlocal parts
        if parts is None:  # at the first value, for models hold each other
            parts = [(name, key, _reader(hint)) for name, key, hint in _fields(kind)]
        given = _expect(value, dict)
        found: dict[str, Any] = {}
        for name, key, reader in parts:
            if key in given:
                try:
                    found[name] = reader(given[key])
                except ValueError as e:
                    raise ValueError(f"{kind.__name__}.{key}: {e}") from None
        try:
            return kind(**found)
        except TypeError as e:
            raise ValueError(f"{kind.__name__} is not whole: {e}") from None

    return of
