"""Reference: past and future never mix, the reference population is what the pack says, a bad table is told all its mistakes."""

import numpy as np
import pandas as pd
import pytest

from explainer.decisions.codes import codebook, encode
from explainer.decisions.features import read_facts
from explainer.decisions.forest import read_forest
from explainer.errors import BadData
from explainer.training.reference import facts_of, find_table, middles, read_cases, reference_population, split
from tests.little import TRAINING, little_cases, little_pack
from tests.support import MODELS, SHIPPED

PACK = little_pack()


def cases_of(tmp_path, frame, pack=PACK):
    frame.to_parquet(tmp_path / "cases.parquet")
    return read_cases(tmp_path / "cases.parquet", pack)


def refused(tmp_path, frame, pack=PACK):
    with pytest.raises(BadData) as refusal:
        cases_of(tmp_path, frame, pack)
    return str(refusal.value)


class TestTimeSplit:
    def test_the_past_comes_before_the_latest_whatever_the_order_of_the_file(self, tmp_path):
        past, latest = split(cases_of(tmp_path, little_cases().sample(frac=1, random_state=3)), 0.25)
        assert (len(past.y), len(latest.y)) == (300, 100)
        assert past.frame["asked_on"].max() <= latest.frame["asked_on"].min()

    def test_no_case_is_in_both(self, tmp_path):
        past, latest = split(cases_of(tmp_path, little_cases()), 0.25)
        assert set(past.frame["id"]).isdisjoint(latest.frame["id"])

    @pytest.mark.parametrize("share", [0.05, 0.1, 0.251, 1 / 3, 0.5])
    def test_no_case_is_lost_at_any_share(self, share, tmp_path):
        whole = cases_of(tmp_path, little_cases(397))
        past, latest = split(whole, share)
        assert len(past.y) + len(latest.y) == len(whole.y)
        assert len(latest.y) == pytest.approx(share * len(whole.y), abs=1)

    def test_columns_target_and_frame_stay_together(self, tmp_path):
        for part in split(cases_of(tmp_path, little_cases().sample(frac=1, random_state=4)), 0.25):
            np.testing.assert_array_equal(part.y, part.frame["approved"])
            np.testing.assert_array_equal(part.x[:, 4], part.frame["gift"].astype(float))

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_shipped_pack_never_mixes(self, pack, releases):
        declared = releases[pack][0].pack
        past, latest = split(read_cases(MODELS / pack / "data" / "cases.parquet", declared), declared.training.held_out)
        assert past.frame[declared.training.time].max() <= latest.frame[declared.training.time].min()


class TestReferencePopulation:
    def test_is_drawn_from_approved_cases_of_the_past_only(self, tmp_path):
        past, _ = split(cases_of(tmp_path, little_cases()), 0.25)
        approved = {row.tobytes() for row in past.x[past.y == 1]}
        drawn = reference_population(past, PACK)
        assert drawn.shape == (60, 5)
        assert {row.tobytes() for row in drawn} <= approved

    def test_is_the_same_every_time_and_another_with_another_seed(self, tmp_path):
        past, _ = split(cases_of(tmp_path, little_cases()), 0.25)
        again = little_pack(training=TRAINING.replace("seed: 7", "seed: 8"))
        assert reference_population(past, PACK).tobytes() == reference_population(past, PACK).tobytes()
        assert reference_population(past, PACK).tobytes() != reference_population(past, again).tobytes()

    def test_takes_everybody_who_fits_where_there_are_too_few(self, tmp_path):
        past, _ = split(cases_of(tmp_path, little_cases()), 0.25)
        many = little_pack(training=TRAINING.replace("rows: 60", "rows: 5000"))
        assert len(reference_population(past, many)) == int(past.y.sum())

    def test_that_nobody_fits_is_refused(self, tmp_path):
        past, _ = split(cases_of(tmp_path, little_cases()), 0.25)
        nobody = little_pack(training=TRAINING.replace("approved: 1", "approved: 7"))
        with pytest.raises(BadData, match="no past case fits"):
            reference_population(past, nobody)

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_release_holds_only_rows_of_its_training_period_that_fit(self, pack, releases):
        release, _ = releases[pack]
        past, latest = split(read_cases(MODELS / pack / "data" / "cases.parquet", release.pack), release.pack.training.held_out)
        wanted = past.y == 1 if pack == "refund_approval" else np.ones(len(past.y), dtype=bool)
        book = codebook(read_forest(release.model_text))
        fitting = {row.tobytes() for row in encode(past.x[wanted], book)}
        assert len(release.reference) == 10_000
        assert {row.tobytes() for row in release.reference.astype(np.uint32)} <= fitting
        assert not {row.tobytes() for row in encode(latest.x, book)} <= fitting

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_a_release_is_kept_as_codes_from_which_no_value_can_be_read(self, pack, releases):
        release, _ = releases[pack]
        assert release.reference.dtype == np.uint16
        assert release.reference.shape[1] == len(release.pack.features)
        amounts = read_cases(MODELS / pack / "data" / "cases.parquet", release.pack).x[:, 0]
        assert len(np.unique(release.reference[:, 0])) < len(np.unique(amounts)) / 2  # several values share a code


nan = float("nan")


class TestMiddles:
    @pytest.mark.parametrize(
        ("amounts", "middle"),
        [
            ([1.0, 2, 3], (2, 2)),  # 2.5 is more than two of three, 2 is not
            ([4.0, 3, 2, 1], (2, 3)),
            ([5.0, 5, 5, 9], (5, 5)),
            ([1.0, 2, 3, nan], (1, 3)),  # a case without the number counts as one that has neither more nor less
            ([1.0, 2, nan, nan], (None, None)),
            ([nan, nan], (None, None)),
        ],
    )
    def test_lie_where_most_have_more_or_less(self, amounts, middle):
        table = np.full((len(amounts), len(PACK.features)), 0.0)
        column = PACK.names.index("amount")
        table[:, column] = amounts
        found = middles(table, PACK)
        assert (set(found), found["amount"]) == ({"amount", "days"}, middle)
        for value in [*(one for one in amounts if one == one), 0.5, 2.5, 10.0]:
            above, below = (table[:, column] < value).sum() * 2 > len(amounts), (table[:, column] > value).sum() * 2 > len(amounts)
            assert (middle[1] is not None and value > middle[1], middle[0] is not None and value < middle[0]) == (above, below)


class TestGoodTables:
    def test_become_columns_as_read_facts_makes_them(self, tmp_path):
        cases = cases_of(tmp_path, little_cases())
        for row, facts in zip(cases.x[:100], facts_of(cases.frame.iloc[:100], PACK), strict=True):
            np.testing.assert_array_equal(read_facts(facts, PACK).x, row)

    @pytest.mark.parametrize("pack", SHIPPED)
    def test_of_the_shipped_packs_do_so_too(self, pack, releases):
        declared = releases[pack][0].pack
        cases = read_cases(MODELS / pack / "data" / "cases.parquet", declared)
        for row, facts in zip(cases.x[:300], facts_of(cases.frame.iloc[:300], declared), strict=True):
            np.testing.assert_array_equal(read_facts(facts, declared).x, row)

    def test_cases_that_were_never_decided_are_dropped(self, tmp_path):
        frame = little_cases()
        frame["approved"] = frame["approved"].astype("Int8").mask(frame.index < 50)
        assert len(cases_of(tmp_path, frame).y) == 350

    def test_values_beyond_are_clipped_as_declared(self, tmp_path):
        assert cases_of(tmp_path, little_cases()).x[:, 0].max() == 99.5

    def test_unknown_levels_are_missing_as_declared(self, tmp_path):
        cases = cases_of(tmp_path, little_cases())
        assert np.isnan(cases.x[(cases.frame["colour"] == "mauve").to_numpy(), 2]).all()

    def test_columns_may_have_other_names(self, tmp_path):
        renamed = little_pack(training=TRAINING + "columns: {amount: asked_for}\n")
        found = cases_of(tmp_path, little_cases().rename(columns={"amount": "asked_for"}), renamed)
        np.testing.assert_array_equal(found.x, cases_of(tmp_path, little_cases()).x)


class TestBadTables:
    def test_every_missing_column_is_named(self, tmp_path):
        said = refused(tmp_path, little_cases().drop(columns=["amount", "approved", "asked_on", "language_group"]))
        assert said.endswith("columns missing: amount, approved, asked_on, language_group")

    def test_every_mistaken_column_is_named_at_once(self, tmp_path):
        frame = little_cases()
        frame.loc[3, "days"] = 99
        frame.loc[4, "size"] = "huge"
        frame["gift"] = frame["gift"].astype(object).mask(frame.index == 5)
        frame["amount"] = frame["amount"].astype(str) + " euros"
        said = refused(tmp_path, frame)
        assert [f"{name}: " in said for name in ("amount", "days", "size", "gift")] == [True] * 4

    def test_no_value_of_the_table_is_said(self, tmp_path):
        frame = little_cases()
        frame["amount"] = "Ada Lovelace"
        frame.loc[4, "size"] = "Charles Babbage"
        said = refused(tmp_path, frame)
        assert "Ada" not in said
        assert "Babbage" not in said

    @pytest.mark.parametrize(
        ("column", "value", "why"), [("days", 61, "1 rows outside 0 to 60"), ("size", "huge", "1 rows with a level")]
    )
    def test_how_many_rows_are_wrong_is_said(self, tmp_path, column, value, why):
        frame = little_cases()
        frame.loc[7, column] = value
        assert why in refused(tmp_path, frame)

    @pytest.mark.parametrize("target", [[2], [-1], [0.5]])
    def test_a_target_that_is_neither_1_nor_0_is_refused(self, tmp_path, target):
        frame = little_cases()
        frame["approved"] = frame["approved"].astype(float)
        frame.loc[7, "approved"] = target[0]
        assert "approved: must be 1 or 0" in refused(tmp_path, frame)

    def test_a_target_of_words_is_refused(self, tmp_path):
        frame = little_cases()
        frame["approved"] = np.where(frame["approved"] == 1, "yes", "no")
        assert "approved: must be 1 or 0" in refused(tmp_path, frame)

    def test_too_few_cases_are_refused(self, tmp_path):
        assert "99 decided cases are too few" in refused(tmp_path, little_cases(99))

    def test_what_is_no_table_is_refused(self, tmp_path):
        (tmp_path / "cases.parquet").write_text("id,amount\n1,2\n")
        with pytest.raises(BadData, match="not a parquet table"):
            read_cases(tmp_path / "cases.parquet", PACK)

    def test_a_number_that_is_none_is_outside_every_range(self, tmp_path):
        frame = little_cases()
        frame["days"] = frame["days"].astype("float64")
        frame.loc[7, "days"] = np.inf
        assert "days: 1 rows outside" in refused(tmp_path, frame)


class TestFindingTheTable:
    def test_the_packs_own_table_comes_first(self, tmp_path):
        (tmp_path / "pack" / "data").mkdir(parents=True)
        for place in (tmp_path / "pack" / "data", tmp_path):
            pd.DataFrame().to_parquet(place / "cases.parquet")
        assert find_table(PACK, tmp_path / "pack", str(tmp_path)) == tmp_path / "pack" / "data" / "cases.parquet"

    def test_the_folder_of_real_data_comes_next(self, tmp_path):
        pd.DataFrame().to_parquet(tmp_path / "cases.parquet")
        assert find_table(PACK, tmp_path / "pack", str(tmp_path)) == tmp_path / "cases.parquet"

    def test_a_file_that_was_named_is_the_only_place(self, tmp_path):
        pd.DataFrame().to_parquet(tmp_path / "cases.parquet")
        with pytest.raises(BadData, match=r"named\.parquet not found"):
            find_table(PACK, tmp_path, str(tmp_path), tmp_path / "named.parquet")

    def test_nowhere_is_said_with_every_place_and_what_to_do(self, tmp_path):
        with pytest.raises(BadData, match=r"pack/data/cases\.parquet and .*real/cases\.parquet not found; give --data FILE"):
            find_table(PACK, tmp_path / "pack", str(tmp_path / "real"))
