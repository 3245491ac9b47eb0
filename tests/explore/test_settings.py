"""Settings of a page as link, words and configuration: three ways to say the same."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from sim.compose import checked, compose
from sim.errors import InputError
from sim.explore.levers import facts_of, kind_of, name_of, offered, slider_end, slider_step
from sim.explore.settings import MOST_DAYS, Settings, from_link

MOVED = [
    Settings(),
    Settings("without_jpn"),
    Settings("spring_2022", {"run": 7}),
    Settings("eu_veto", {"coordination.peer_weight": 2.5, "coordination.veto_players": ["HUN"]}),
    Settings(levers={"coordination.consultation": False, "coordination.council_rule": "majority"}),
    Settings(levers={"scenario.without": ["JPN", "KOR"], "coordination.carve_out_days": 12}),
]


@pytest.mark.parametrize("settings", MOVED, ids=lambda s: s.link)
def test_words_and_levers_make_the_same_configuration(settings):
    assert settings.config() == checked(compose(settings.words))


@pytest.mark.parametrize("settings", MOVED, ids=lambda s: s.link)
def test_a_link_carries_all_of_the_settings(settings):
    assert from_link(parse_qsl(urlsplit(settings.link).query)) == settings


def test_a_lever_that_is_put_back_is_no_longer_moved():
    there = Settings().with_lever("coordination.peer_weight", 2.0)
    assert there.words == ("coordination.peer_weight=2.0",)
    assert there.with_lever("coordination.peer_weight", 1.0) == Settings()


def test_one_page_does_not_change_what_another_starts_from():
    Settings(levers={"coordination.veto_players": ["HUN"]}).config().scenario.steps = 3
    assert Settings().config().scenario.steps == 104
    assert Settings().config().coordination.veto_players == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ([("base", "without_jpm")], "JPM"),
        ([("base", "statusquo")], "did you mean 'status_quo'"),
        ([("base", "x=1 +y")], "is unknown"),
        ([("coordination.peer_wait", "1")], "did you mean 'coordination.peer_weight'"),
        ([("coordination.peer_weight", "11")], "must lie between 0 and 10"),
        ([("coordination.peer_weight", "much")], "cannot be read"),
        ([("coordination.veto_players", '"HUN"')], "must be a list"),
        ([("scenario.steps", "1000")], f"up to {MOST_DAYS} days"),
        ([("world.folder", '"/etc"')], "cannot be set on a page"),
        ([("rule.function", '"x.py:f"')], "cannot be set on a page"),
        ([("out", '"/x"')], "cannot be set on a page"),
        ([("seed", "1"), ("seed", "2")], "seed stands there twice"),
    ],
)
def test_a_link_that_says_what_cannot_be_is_refused_in_a_line(query, words):
    from sim.explore.story import setting_of

    with pytest.raises(InputError, match=words):
        setting_of(from_link(query).config())


def test_every_lever_on_offer_has_a_name_a_control_and_its_facts():
    for levers in offered().values():
        for lever in levers:
            assert name_of(lever)[0].isupper()
            assert facts_of(lever)
            if kind_of(lever.key) == "number":
                end = slider_end(lever, Settings().value(lever.key))
                assert lever.low < end <= lever.high
                assert 0.0 < slider_step(lever, end) <= end - lever.low


def test_no_lever_is_offered_twice_and_none_that_is_closed():
    keys = [lever.key for levers in offered().values() for lever in levers]
    assert len(keys) == len(set(keys))
    assert not {"world.folder", "rule.function", "out", "name"} & set(keys)
