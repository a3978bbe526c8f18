"""JSON with comments and trailing commas: read as Python's own json reads it without them."""

from __future__ import annotations

import json
import random

from configurations import read

import complexity_guard as cg


def test_the_reader_agrees_with_json():
    """On generated documents, written with and without comments, trailing commas and escapes."""
    chance = random.Random(5)
    for _ in range(300):
        value = {"top": generated(chance, 4)}
        assert read(json.dumps(value, ensure_ascii=chance.random() < 0.5)) == value
        assert read(adorned(value, chance)) == value


def test_an_edit_sets_what_it_is_to_set_and_nothing_else():
    """On documents with comments wherever they may stand: read again, the text has the new values, all others, in their order
    too but for the new ones, and each comment."""
    chance = random.Random(21)
    names = ("analysis.thresholds.cognitive.warning", "analysis.thresholds.cognitive.error")
    for number in range(400):
        value = configuration(chance)
        text = chance.choice((json.dumps(value), json.dumps(value, indent=2), adorned(value, chance)))
        if number % 3 == 0:
            text = text.replace("\n", "\r\n")
        rows = dict.fromkeys(names[: chance.randint(1, 2)], number)
        edits = cg.edits_setting(text, rows)
        edited = cg.with_edits(text, edits)
        limits = value.setdefault("analysis", {}).setdefault("thresholds", {}).setdefault("cognitive", {})
        limits |= {name.rpartition(".")[2]: number for name in rows}
        assert read(edited) == value, text
        old = [text[last[1] : edit[0]] for last, edit in zip([(0, 0), *sorted(edits)], sorted(edits))]
        assert all(piece in edited for piece in old)


def configuration(chance):
    """Some of the objects that limits are in, between other members."""
    inner = {"warning": 1, "error": 2, "other": [1, {"error": 3}]}
    cognitive = {key: inner[key] for key in chance.sample(sorted(inner), chance.randint(0, 3))}
    value = {"cognitive": cognitive}
    for name in ("thresholds", "analysis"):
        value = {name: value} if chance.random() < 0.7 else {}
        for other in chance.sample(("a", "b", "overrides"), chance.randint(0, 2)):
            value = {other: generated(chance, 2), **value} if chance.random() < 0.5 else {**value, other: {}}
    return value


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
