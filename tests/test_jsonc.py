"""JSON with comments and trailing commas: read as Python's own json reads it without them."""

from __future__ import annotations

import json
import random

from configurations import read


def test_the_reader_agrees_with_json():
    """On generated documents, written with and without comments, trailing commas and escapes."""
    chance = random.Random(5)
    for _ in range(300):
        value = {"top": generated(chance, 4)}
        assert read(json.dumps(value, ensure_ascii=chance.random() < 0.5)) == value
        assert read(adorned(value, chance)) == value


def generated(chance, depth):
    scalars = (
        None,
        True,
        False,
        0,
        -1.5,
        3e8,
        1e-7,
        "",
        "a // b /* c */",
        'quote " \\ \n\t',
        "é\U0001f600\u2028",
        "{[,]}",
    )
    if depth == 0 or chance.random() < 0.4:
        return chance.choice(scalars)
    if chance.random() < 0.5:
        return [generated(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {chance.choice("abcdéfgh") * (i + 1): generated(chance, depth - 1) for i in range(chance.randrange(4))}


def adorned(value, chance):
    space = chance.choice(["", " ", "\n", "\r\n", "\t", "/* , } */", "// ]\n"])
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}{space}:{adorned(member, chance)}" for key, member in value.items()]
        return (
            space
            + "{"
            + space
            + f",{space}".join(members)
            + ("," if members and chance.random() < 0.5 else "")
            + space
            + "}"
        )
    if isinstance(value, list):
        elements = [adorned(element, chance) for element in value]
        return "[" + ",".join(elements) + (f",{space}" if elements and chance.random() < 0.5 else "") + "]" + space
    return space + json.dumps(value) + space
