"""The plan by value: how many workers of which kind, and which files each of them is given."""

from __future__ import annotations

import random

import pytest

import complexity_guard as cg

SETTINGS = cg.Settings(cg.DEFAULT_ANALYSIS)
MACHINE = cg.Machine(cpus=8, memory=16 << 30, start_method="fork")
MB = 1 << 20


@pytest.mark.parametrize(
    ("jobs", "size", "largest", "machine", "wishes", "expected"),
    [
        (1000, 10 * MB, 50_000, MACHINE, {}, ("process", 8, "fork")),
        (1000, 10 * MB, 50_000, MACHINE._replace(start_method="spawn"), {}, ("process", 8, "spawn")),
        (1000, 10 * MB, 50_000, MACHINE, {"threads": 3}, ("process", 3, "fork")),
        (1000, 10 * MB, 50_000, MACHINE, {"threads": 1}, ("serial", 1, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"executor": "thread"}, ("thread", 8, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"executor": "serial"}, ("serial", 1, "")),
        (1000, 10 * MB, 50_000, MACHINE, {"start_method": "spawn"}, ("process", 8, "spawn")),
        (1000, 10 * MB, 50_000, MACHINE._replace(cpus=1), {}, ("serial", 1, "")),
        (3, 30_000, 20_000, MACHINE, {}, ("serial", 1, "")),  # too small for a pool
        (2, 600_000, 400_000, MACHINE, {}, ("process", 2, "fork")),  # never more workers than chunks
        (1000, 10 * MB, 50_000, MACHINE._replace(memory=256 * MB), {}, ("process", 3, "fork")),  # memory caps
        (1000, 10 * MB, 50_000, MACHINE._replace(memory=10 * MB), {}, ("serial", 1, "")),
        (0, 0, 0, MACHINE, {}, ("serial", 1, "")),
    ],
)
def test_plan(jobs, size, largest, machine, wishes, expected):
    chosen = cg.plan(jobs, size, largest, lambda: machine, SETTINGS._replace(**wishes))
    assert (chosen.executor, chosen.workers, chosen.start_method) == expected
    assert chosen.reason


@pytest.mark.parametrize(
    ("size", "wishes"), [(30_000, {}), (10 * MB, {"threads": 1}), (10 * MB, {"executor": "serial"})]
)
def test_one_worker_asks_nothing_of_the_machine(size, wishes):
    chosen = cg.plan(1000, size, 20_000, lambda: pytest.fail("looked"), SETTINGS._replace(**wishes))
    assert chosen.workers == 1
    with pytest.raises(pytest.fail.Exception):
        cg.plan(1000, 10 * MB, 20_000, lambda: pytest.fail("looked"), SETTINGS)


@pytest.mark.parametrize(
    ("size", "wishes", "slowness", "expected"),
    [
        (0, {}, 1, (5, 256 * MB)),
        (1_000_000, {}, 1, (8, 256 * MB + 120_000_000)),
        (1_000_000, {}, 10, (80, 256 * MB + 120_000_000)),
        (1_000_000, {"file_timeout": 2.5, "file_memory": 3}, 10, (2.5, 3 * MB)),
        (1_000_000, {"file_timeout": 0, "file_memory": 0}, 1, (0, 0)),
    ],
)
def test_bounds_of_a_file(size, wishes, slowness, expected):
    assert tuple(cg.bounds_of(size, SETTINGS._replace(**wishes), slowness)) == expected


def test_memory_factor_caps_workers():
    tight = MACHINE._replace(memory=400 * MB)
    few = cg.plan(1000, 10 * MB, 50_000, lambda: tight, SETTINGS._replace(memory_factor=0.4)).workers
    more = cg.plan(1000, 10 * MB, 50_000, lambda: tight, SETTINGS._replace(memory_factor=0.9)).workers
    assert 1 <= few < more


def test_chunks_hold_every_job_once_with_large_files_first():
    sizes = random.Random(7).choices((10, 5_000, 90_000, 300_000, 3_000_000), k=500)
    jobs = [cg.Job(i, f"{i}.ts", f"{i}.ts", size) for i, size in enumerate(sizes)]
    line = cg.Chunks(jobs, workers=2)
    chunks = list(iter(lambda: line.take([]), None))
    assert sorted(job.index for chunk in chunks for job in chunk) == list(range(500))
    large = [chunk for chunk in chunks if chunk[0].size >= cg.LARGE_BYTES]
    assert chunks[: len(large)] == large
    assert [chunk[0].size for chunk in large] == sorted((s for s in sizes if s >= cg.LARGE_BYTES), reverse=True)
    assert all(sum(job.size for job in chunk) <= cg.CHUNK_BYTES for chunk in chunks[len(large) :])


@pytest.mark.parametrize(("workers", "at_once"), [(1, 1), (2, 1), (3, 1), (8, 4)])
def test_half_of_the_workers_are_in_large_files_while_there_is_anything_else(workers, at_once):
    large, others = [2 * MB] * 20, [100_000] * 60
    line = cg.Chunks([cg.Job(i, f"{i}.ts", f"{i}.ts", size) for i, size in enumerate(large + others)], workers)
    flight = [line.take([]) for _ in range(at_once)]
    assert {job.size for chunk in flight for job in chunk} == {2 * MB}
    meanwhile = [line.take(flight) for _ in range(60 // 2)]
    assert sorted(job.size for chunk in meanwhile for job in chunk) == sorted(others)
    assert [line.take(flight)[0].size for _ in range(20 - at_once)] == [2 * MB] * (20 - at_once)
    assert line.take([]) is None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"cpu.max": "200000 100000\n"}, 2.0),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "150000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1.5),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
        ({}, None),
        ({"cpu.max": "garbage\n"}, None),
    ],
)
def test_cgroup_quota(tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cg.cgroup_cpus(str(tmp_path)) == expected
