"""The pinned sources: an archive arrives verified or not at all, from whichever place has it."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A fresh copy of the module, with an empty cache and one source, `thing`, whose only place is the folder `far`."""
    spec = importlib.util.spec_from_file_location("sources_under_test", ROOT / "build" / "sources.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for folder in ("thing-1.0", "far", "near"):
        (tmp_path / folder).mkdir()
    (tmp_path / "thing-1.0" / "a.c").write_text("int a;\n")
    with tarfile.open(tmp_path / "far" / "thing-1.0.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "thing-1.0", "thing-1.0")
    good = (tmp_path / "far" / "thing-1.0.tar.gz").read_bytes()
    place = module.Place(
        "path", str(tmp_path / "far" / "thing-1.0.tar.gz"), "thing-1.0.tar.gz", hashlib.sha256(good).hexdigest()
    )
    monkeypatch.setattr(module, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(module, "SOURCES", {"thing": module.Source("thing", "1.0", "MIT", "a test", "", (place,))})
    monkeypatch.delenv("CG_SOURCES", raising=False)
    return module


def test_fetched_once_then_from_the_cache(sources, tmp_path):
    first = sources.fetch("thing")
    (tmp_path / "far" / "thing-1.0.tar.gz").unlink()
    assert sources.fetch("thing") == first == tmp_path / "cache" / "thing-1.0.tar.gz"


@pytest.mark.parametrize("damage", [lambda good: good[:-1], lambda good: good + b"\0", lambda good: b""])
def test_a_damaged_archive_is_refused_and_not_kept(sources, tmp_path, damage):
    far = tmp_path / "far" / "thing-1.0.tar.gz"
    far.write_bytes(damage(far.read_bytes()))
    with pytest.raises(sources.FetchError, match="SHA-256"):
        sources.fetch("thing")
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_a_damaged_cache_is_fetched_again(sources, tmp_path):
    sources.fetch("thing").write_bytes(b"damaged")
    assert sources.is_verified(sources.fetch("thing"), sources.SOURCES["thing"].places[0])


def test_the_local_folder_comes_before_the_places(sources, tmp_path, monkeypatch):
    (tmp_path / "far" / "thing-1.0.tar.gz").rename(tmp_path / "near" / "thing-1.0.tar.gz")
    monkeypatch.setenv("CG_SOURCES", str(tmp_path / "near"))
    assert sources.fetch("thing").is_file()


def test_every_place_is_named_when_none_has_it(sources, tmp_path, monkeypatch):
    (tmp_path / "far" / "thing-1.0.tar.gz").unlink()
    monkeypatch.setenv("CG_SOURCES", str(tmp_path / "near"))
    with pytest.raises(sources.FetchError) as refused:
        sources.fetch("thing")
    assert str(tmp_path / "far") in str(refused.value) and str(tmp_path / "near") in str(refused.value)


def test_unpacked_without_the_top_folder(sources):
    assert [path.name for path in sources.unpack("thing").iterdir()] == ["a.c"]


def test_a_place_may_hold_the_sources_deep_inside_something_else(sources, tmp_path):
    """The second of two places, in a package that carries it; the tree is the same."""
    carrier = tmp_path / "package" / "deps" / "thing"
    carrier.mkdir(parents=True)
    (carrier / "a.c").write_text("int a;\n")
    (tmp_path / "package" / "README").write_text("not of the thing")
    archive = tmp_path / "far" / "carrier-3.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "package", "package")
    (first,) = sources.SOURCES["thing"].places
    second = sources.Place(
        "path", str(archive), archive.name, hashlib.sha256(archive.read_bytes()).hexdigest(), "deps/thing"
    )
    sources.SOURCES["thing"] = dataclasses.replace(sources.SOURCES["thing"], places=(first, second))
    (tmp_path / "far" / "thing-1.0.tar.gz").unlink()
    assert [path.name for path in sources.unpack("thing").iterdir()] == ["a.c"]


def test_the_pins_are_well_formed():
    spec = importlib.util.spec_from_file_location("sources_pins", ROOT / "build" / "sources.py")
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for source in module.SOURCES.values():
        assert source.why and source.licence and source.places
        for place in source.places:
            assert place.client in module.CLIENTS
            assert len(bytes.fromhex(place.sha256)) == 32
