"""The card of a state says what the state did that day, and why."""

from __future__ import annotations

import pytest

from sim.errors import InputError
from sim.explore.card import actors, bars, card_of, in_html
from sim.explore.settings import Settings
from sim.explore.story import setting_of, story_of

SHORT = Settings(levers={"scenario.steps": 13})


@pytest.fixture(scope="module")
def setting():
    return setting_of(SHORT.config())


def test_a_sender_that_acted_is_told_about_what_it_announced(setting):
    events = story_of(SHORT.config()).history.events
    first = events[(events["kind"] == "measure") & (events["actor"] == "JPN")].iloc[0]
    card = card_of(setting, "JPN", int(first["day"]))
    assert card.head.startswith("Japan announced on ")
    assert card.chosen.split()[0] in set(events.loc[events["actor"] == "JPN", "instrument"])
    assert card.reasons is not None


def test_a_sender_that_did_not_act_is_told_about_what_it_was_closest_to(setting):
    card = card_of(setting, "CHE", 60, "gas_import_ban RUS")
    assert card.chosen == "gas_import_ban RUS"
    assert "not announced by" in card.reasons.outcome


def test_bars_are_the_terms_that_made_a_difference_the_longest_half_as_wide_as_all(setting):
    reasons = card_of(setting, "JPN", 60).reasons
    drawn = bars(reasons)
    assert [b["words"] for b in drawn] == [r.words for r in reasons.telling]
    assert max(b["length"] for b in drawn) == 50
    assert all(b["hastens"] == b["times"].startswith("×") for b in drawn)


@pytest.mark.parametrize("code", ["EU", "RUS", "UKR", "CHN", "HUN", "ROW"])
@pytest.mark.parametrize("day", [0, 40])
def test_everybody_has_a_card_on_every_day(setting, code, day):
    card = card_of(setting, code, day)
    assert card.name in in_html(card).replace("&#39;", "'")
    assert card.head


def test_a_card_leaves_nothing_behind(setting):
    import gc

    from sim.model import SanctionsModel

    def models() -> int:
        gc.collect()
        # isinstance would ask weak references of others for what is gone.
        return sum(type(one) is SanctionsModel for one in gc.get_objects())

    before = models()
    card_of(setting, "HUN", 5)
    assert models() == before


def test_a_council_tells_where_its_members_stand(setting):
    text = in_html(card_of(setting, "EU", 40))
    assert "Where members stand" in text
    assert "Hungary" in text


def test_what_nobody_knows_is_refused(setting):
    with pytest.raises(InputError, match="oil_import_bann"):
        card_of(setting, "JPN", 10, "oil_import_bann RUS")
    with pytest.raises(InputError, match="state 'JPM' is unknown"):
        card_of(setting, "JPM", 10)


def test_all_who_have_a_card_can_be_chosen(setting):
    assert set(setting.world.states) | {"EU"} == set(actors(setting))


def test_a_measure_of_a_link_that_is_none_is_refused_however_many_words_it_has(setting):
    with pytest.raises(InputError, match="oil_import_ban"):
        card_of(setting, "EU", 9, "oil_import_ban RUS BLR")
