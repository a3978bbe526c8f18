"""`typing`, as much as a program needs that annotates without looking at its annotations: 48 KB and 4 ms less.

Every name is something that `X[...]` and `X | None` work on; NamedTuple is the real one's, shortened.
"""
from abc import ABCMeta as _ABCMeta  # noqa: F401
from collections import namedtuple as _namedtuple
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, MutableMapping, Sequence  # noqa: F401

TYPE_CHECKING = False
Any = object


class NamedTupleMeta(type):
    def __new__(meta, name, bases, body):
        types = body.get("__annotations__", {})
        made = _namedtuple(name, types, defaults=[body[field] for field in types if field in body], module=body["__module__"])
        made.__annotations__ = made.__new__.__annotations__ = types
        for key, value in body.items():
            if key not in types and key not in _SPECIAL:
                setattr(made, key, value)
        return made


_SPECIAL = frozenset({"__module__", "__annotations__", "__qualname__", "__static_attributes__", "__firstlineno__"})


def NamedTuple(name, fields):
    return _namedtuple(name, [field for field, _ in fields])


NamedTuple.__mro_entries__ = lambda bases: (type.__new__(NamedTupleMeta, "NamedTuple", (), {}),)
