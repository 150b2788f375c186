"""Facts to feature row: every mistake at once, no value ever said back, missing only where it means something."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from explainer.decisions.features import MANY, json_schema, read_all, read_back, read_facts
from explainer.errors import BadFacts
from explainer.packs.reading import read_pack
from tests.little import FEATURES, little_files, little_pack
from tests.support import MODELS, SHIPPED

PACK = little_pack()
LARGE = little_pack(features=FEATURES.replace("range: [0.5, 99.5]", "range: [0, 1.0e+12]"))
GOOD = {"amount": 20.5, "days": 4, "colour": "green", "size": "large", "gift": False}


def mistakes_of(**changed):
    with pytest.raises(BadFacts) as refusal:
        read_facts(GOOD | changed, PACK)
    return refusal.value.mistakes


class TestGoodFacts:
    def test_become_columns_in_the_order_of_the_pack(self):
        np.testing.assert_array_equal(read_facts(GOOD, PACK).x, [20.5, 4.0, 1.0, 1.0, 0.0])

    def test_stay_readable_as_they_were_said(self):
        assert read_facts(GOOD, PACK).facts == GOOD

    def test_the_order_in_which_they_are_said_does_not_matter(self):
        turned = dict(reversed(GOOD.items()))
        assert read_facts(turned, PACK).x.tobytes() == read_facts(GOOD, PACK).x.tobytes()

    def test_nothing_is_adjusted(self):
        assert read_facts(GOOD, PACK).adjusted == {}

    def test_both_ends_of_a_range_belong_to_it(self):
        for amount in (0.5, 99.5):
            assert read_facts(GOOD | {"amount": amount}, PACK).adjusted == {}


class TestMistakes:
    def test_all_are_found_at_once(self):
        wrong = {"amount": "much", "days": 61, "colour": 7, "size": "huge", "gift": 1, "age": 44}
        assert set(mistakes_of(**wrong)) == set(wrong)

    def test_every_fact_that_was_left_out_is_named(self):
        with pytest.raises(BadFacts) as refusal:
            read_facts({}, PACK)
        assert refusal.value.mistakes == dict.fromkeys(("amount", "size", "gift"), "is required")

    def test_null_is_no_value_for_a_fact_that_may_not_be_missing(self):
        assert mistakes_of(size=None) == {"size": "is required"}

    @pytest.mark.parametrize("value", [True, False, "7", None, [], {}, [3]])
    def test_only_a_number_is_a_number(self, value):
        assert set(mistakes_of(amount=value)) == {"amount"}

    @pytest.mark.parametrize("value", [True, False])
    def test_booleans_are_not_whole_numbers(self, value):
        assert mistakes_of(days=value) == {"days": "must be a whole number"}

    @pytest.mark.parametrize("value", [0, 1, 0.0, "true", "yes"])
    def test_numbers_and_words_are_not_booleans(self, value):
        assert mistakes_of(gift=value) == {"gift": "must be true or false"}

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    @pytest.mark.parametrize("name", ["amount", "days"])
    def test_a_number_that_is_none_is_refused_even_where_numbers_are_clipped(self, name, value):
        assert set(mistakes_of(**{name: value})) == {name}

    @pytest.mark.parametrize("value", [2.5, -0.5, 1e-9])
    def test_a_fraction_is_not_a_whole_number(self, value):
        assert mistakes_of(days=value) == {"days": "must be a whole number"}

    @pytest.mark.parametrize("value", [-1, 61, 10**400, -(10**400), 1e300])
    def test_beyond_a_range_that_refuses_the_range_is_said(self, value):
        assert mistakes_of(days=value) == {"days": "must be between 0 and 60"}

    def test_the_levels_are_said_for_a_category_that_refuses_others(self):
        assert mistakes_of(size="huge") == {"size": "must be one of: small, large"}

    @settings(max_examples=150, deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(list(GOOD)),
            st.one_of(
                st.integers(10**6, 10**30),
                st.floats(min_value=1e6, max_value=1e300),
                st.text(alphabet="QXZ0123456789#", min_size=4, max_size=12),
            ),
            min_size=1,
        )
    )
    def test_no_value_is_ever_said_back(self, wrong):
        with pytest.raises(BadFacts) as refusal:
            read_facts(GOOD | wrong | {"age": None}, PACK)
        assert not [value for value in wrong.values() if str(value) in str(refusal.value)]


class TestAdjusting:
    @pytest.mark.parametrize(
        ("said", "taken"), [(0, 0.5), (-7, 0.5), (100, 99.5), (10**400, 99.5), (-(10**400), 0.5), (1e300, 99.5)]
    )
    def test_a_clipped_number_is_set_to_the_nearest_end_however_it_was_written(self, said, taken):
        row = read_facts(GOOD | {"amount": said}, PACK)
        assert (row.facts["amount"], row.x[0], row.adjusted) == (taken, taken, {"amount": "clipped"})

    def test_a_clipped_whole_number_stays_whole(self):
        clipping = little_pack(features=FEATURES.replace("range: [0, 60]", "range: [0, 60]\n  beyond: clip"))
        days = read_facts(GOOD | {"days": 1e9}, clipping).facts["days"]
        assert (days, type(days)) == (60, int)

    def test_a_clipped_value_is_the_one_the_model_sees(self):
        assert read_facts(GOOD | {"amount": 5000}, PACK).x[0] == 99.5

    def test_an_unknown_level_becomes_missing_where_the_pack_says_so(self):
        row = read_facts(GOOD | {"colour": "mauve"}, PACK)
        assert (row.facts["colour"], math.isnan(row.x[2]), row.adjusted) == (None, True, {"colour": "unknown"})

    def test_a_declared_missing_value_is_nan_whether_null_or_left_out(self):
        left_out = {name: value for name, value in GOOD.items() if name != "days"}
        for given_facts in (GOOD | {"days": None}, left_out):
            row = read_facts(given_facts, PACK)
            assert (row.facts["days"], math.isnan(row.x[1]), row.adjusted) == (None, True, {})

    def test_a_whole_number_may_be_written_with_a_point(self):
        days = read_facts(GOOD | {"days": 33.0}, PACK).facts["days"]
        assert (days, type(days)) == (33, int)


class TestMoney:
    @pytest.mark.parametrize("amount", [14.999, 20.001, 99.4999, 1e-9 + 20, 500.005])
    def test_an_amount_with_parts_of_a_cent_is_refused(self, amount):
        assert mistakes_of(amount=amount) == {"amount": "must have at most 2 decimals"}

    @pytest.mark.parametrize("amount", [14.99, 0.57, 1, 99.0, 20.1, 5000.55])
    def test_one_with_cents_is_read(self, amount):
        assert not math.isnan(read_facts(GOOD | {"amount": amount}, PACK).x[0])

    @given(st.integers(50, 9950))
    def test_every_number_of_cents_is_read(self, cents):
        assert read_facts(GOOD | {"amount": cents / 100}, PACK).x[0] == cents / 100

    def test_a_currency_without_cents_takes_whole_numbers_only(self):
        yen = little_pack(features=FEATURES.replace("unit: EUR", "unit: JPY"))
        with pytest.raises(BadFacts, match="at most 0 decimals"):
            read_facts(GOOD | {"amount": 20.5}, yen)

    def test_a_number_that_is_no_money_may_have_any_decimals(self):
        kilometres = little_pack(features=FEATURES.replace("unit: EUR", "unit: kilometres"))
        assert read_facts(GOOD | {"amount": 14.999}, kilometres).x[0] == 14.999

    def test_the_schema_says_how_many_decimals(self):
        said = json_schema(PACK)["properties"]
        assert (said["amount"]["x-decimals"], "At most 2 decimals." in said["amount"]["description"]) == (2, True)
        assert "x-decimals" not in said["days"]

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_the_tables_that_shipped_packs_train_on_hold_no_parts_of_a_cent(self, pack, releases):
        frame = pd.read_parquet(MODELS / pack / "data" / "cases.parquet")
        for feature in releases[pack][0].pack.features:
            if feature.unit == "EUR":
                column = frame[feature.name].dropna()
                assert (column.round(2) == column).all()


def anything():
    """Facts as JSON can say them, right or wrong."""
    return st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 130),
        st.sampled_from([33.0, 2.5, 0.5, 99.5, 10**30, -1e300]),
        st.sampled_from(["red", "green", "small", "large", "mauve", ""]),
        st.just([]),
        st.just({}),
    )


class TestJsonSchema:
    def test_is_a_schema_itself(self):
        Draft202012Validator.check_schema(json_schema(PACK))

    @settings(max_examples=400, deadline=None)
    @given(st.dictionaries(st.sampled_from([*GOOD, "age"]), anything(), max_size=6))
    def test_accepts_exactly_the_facts_that_are_read(self, said):
        facts = GOOD | said
        accepted = Draft202012Validator(json_schema(PACK)).is_valid(facts)
        try:
            read_facts(facts, PACK)
        except BadFacts:
            assert not accepted
        else:
            assert accepted

    @settings(max_examples=100, deadline=None)
    @given(st.sets(st.sampled_from(list(GOOD))))
    def test_requires_exactly_the_facts_that_may_not_be_missing(self, kept):
        facts = {name: GOOD[name] for name in kept}
        accepted = Draft202012Validator(json_schema(PACK)).is_valid(facts)
        assert accepted == ({"amount", "size", "gift"} <= kept)

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_shipped_pack_accepts_its_held_out_cases(self, pack, sampled, releases):
        schema = Draft202012Validator(json_schema(releases[pack][0].pack))
        assert [list(schema.iter_errors(facts)) for facts in sampled(pack, 50)] == [[]] * 50

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_shipped_pack_names_what_every_missing_value_means(self, pack, releases):
        declared = releases[pack][0].pack
        said = json_schema(declared)["properties"]
        assert all(one.missing in said[one.name]["description"] for one in declared.features if one.missing)

    def test_names_the_unit(self):
        assert json_schema(PACK)["properties"]["days"]["x-unit"] == "days"


ODD = [
    None, True, False, 0, 1, 3, -1, 10**30, 10**400, 0.0, -0.0, 0.5, 2.0, 20.25, 20.255, 0.1 + 0.2, 99.5, 99.51, 60.0, 61, -1e-320,
    1e15, 1e308, -1e308, math.nan, math.inf, -math.inf, "green", "large", "GREEN", "", "3", "\ud800", [], {}, [1], np.float64(3.0),
]  # fmt: skip


def said_of(row):
    """What a row says, or the mistakes in it; types and the sign of zero count."""
    if isinstance(row, BadFacts):
        return row.mistakes
    return row.x.tobytes(), [(name, type(one), repr(one)) for name, one in row.facts.items()], row.adjusted


def one_by_one(cases, pack):
    for facts in cases:
        try:
            yield said_of(read_facts(facts, pack))
        except BadFacts as mistakes:
            yield mistakes.mistakes


class TestManyTogether:
    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def test_are_read_as_one_by_one_whatever_stands_in_a_few(self, data):
        changes = st.dictionaries(st.sampled_from([*GOOD, "age"]), st.sampled_from(ODD), max_size=2)
        left_out = st.sets(st.sampled_from(list(GOOD)), max_size=1)
        odd = data.draw(st.lists(st.tuples(st.integers(0, 39), changes, left_out), max_size=6))
        cases = [dict(GOOD, amount=at + 0.25, days=at, colour=("red", "green", "blue")[at % 3]) for at in range(40)]
        for place, changed, absent in odd:
            cases[place] = {name: one for name, one in (cases[place] | changed).items() if name not in absent}
        assert list(map(said_of, read_all(cases, PACK))) == list(one_by_one(cases, PACK))

    @pytest.mark.parametrize("name", list(GOOD))
    @pytest.mark.parametrize("value", ODD, ids=repr)
    def test_are_read_as_one_by_one_whatever_stands_in_a_whole_column(self, name, value):
        cases = [GOOD | {name: value}] * MANY
        assert list(map(said_of, read_all(cases, PACK))) == list(one_by_one(cases, PACK))

    def test_whole_numbers_that_came_as_floats_are_whole(self):
        cases = [GOOD | {"days": float(at)} for at in range(MANY)]
        assert [type(one.facts["days"]) for one in read_all(cases, PACK)] == [int] * MANY

    @settings(max_examples=300, deadline=None)
    @given(
        st.lists(st.one_of(st.floats(0, 1000), st.integers(0, 10**13).map(lambda cents: cents / 100)), min_size=MANY, max_size=40)
    )
    def test_amounts_have_cents_or_parts_of_them_as_one_by_one(self, amounts):
        cases = [GOOD | {"amount": one} for one in amounts]
        assert list(map(said_of, read_all(cases, LARGE))) == list(one_by_one(cases, LARGE))

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_shipped_pack_are_mostly_read_in_columns(self, pack, sampled, releases, monkeypatch):
        cases, declared = sampled(pack, 200), releases[pack][0].pack
        expected, alone = list(one_by_one(cases, declared)), []
        monkeypatch.setattr("explainer.decisions.features.read_facts", lambda *asked: alone.append(1) or read_facts(*asked))
        assert list(map(said_of, read_all(cases, declared))) == expected
        assert len(alone) < 50

    def test_nobody_is_nobody(self):
        assert read_all([], PACK) == []


class TestNames:
    def test_the_little_pack_is_read_from_its_files_alone(self):
        assert read_pack(little_files(), "little").feature == PACK.feature

    def test_no_sentence_about_a_mistake_is_empty(self):
        assert all(re.search(r"\w", why) for why in mistakes_of(amount=None, days="x", size=3, gift=2, age=1).values())


class TestReadBack:
    def test_facts_that_are_not_what_was_scored_are_found_among_many(self):
        rows = read_all([GOOD | {"days": day} for day in range(2 * MANY)], PACK)
        rows[3].facts["days"], rows[5].facts["gift"], rows[7].x[0] = 4, True, 20.6
        rows[9].facts["size"], rows[11].facts["days"] = "huge", None
        assert [place for place, same in enumerate(read_back(rows, PACK)) if not same] == [3, 5, 7, 9, 11]

    def test_a_value_that_was_changed_on_the_way_in_is_read_back_as_it_stands(self):
        rows = read_all([GOOD | {"colour": "mauve"}, *[GOOD] * MANY], PACK)
        assert rows[0].adjusted == {"colour": "unknown"}
        assert read_back(rows, PACK) == [True] * (MANY + 1)

    def test_few_cases_are_left_to_be_read_alone(self):
        assert read_back(read_all([GOOD] * 2, PACK), PACK) == [False, False]
