"""Who prevails where an option is set twice, and which field of the settings an option sets."""

import pytest

import complexity_guard as cg

RANKS = ["FROM_DEFAULT", "FROM_ENVIRONMENT", "FROM_FILE", "FROM_OVERRIDE", "FROM_FLAG"]
# Fields that no single option gives: what makes each of them.
MADE = {
    cg.Settings: {
        "analysis",
        "overrides",
        "base",
        "reports",
        "columns",
        "rows",
        "common",
        "floor_is_asked",
        "comparison",
        "deadline",
        "configuration",
        "nearer",
        "is_held",
        "keep_reports",
        "places",
        "cache",
        "cache_dir",
        "cache_is_asked",
        "shelf",
        "shard",
        "shards",
        "coverage_is_asked",
        "ran",
    },
    cg.Analysis: {"metrics", "thresholds", "weights", "worse_by"},
}


def value(rank):
    return cg.Value(rank, rank, getattr(cg, rank))


@pytest.mark.parametrize("stronger", RANKS)
def test_of_two_values_the_one_of_the_higher_rank_prevails(stronger):
    for weaker in RANKS[: RANKS.index(stronger)]:
        assert cg.prevailing({"x": value(stronger)}, {"x": value(weaker)}) == {"x": value(stronger)}
        assert cg.prevailing({"x": value(weaker)}, {"x": value(stronger)}) == {}


def test_of_two_values_of_one_rank_the_later_prevails():
    first, later = cg.Value(1, "base.json:1", cg.FROM_FILE), cg.Value(2, "own.json:1", cg.FROM_FILE)
    assert cg.prevailing({"x": later, "y": later}, {"x": first}) == {"x": later, "y": later}


def test_every_field_of_the_settings_is_set_by_one_option_or_made_of_several():
    by_options = [option.sets for option in cg.OPTIONS if option.sets]
    assert len(by_options) == len(set(by_options))
    for record, made in MADE.items():
        assert made | set(by_options) >= set(record._fields)
        assert not made & set(by_options)
    assert set(by_options) <= {*cg.Settings._fields, *cg.Analysis._fields}
    assert not set(cg.Settings._fields) & set(cg.Analysis._fields)


def test_what_an_override_may_set_is_a_field_of_the_analysis():
    for name, option in cg.PER_FILE_KEYS.items():
        assert (
            option.sets in cg.Analysis._fields
            or any(name in keys for keys in cg.LIMIT_KEYS.values())
            or name in ("preset", "analysis.metrics", "analysis.duplication_enabled", "analysis.templates")
        )
