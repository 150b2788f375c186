"""Reading a pack: every mistake of every file, with its file and its line, in one go."""

import re
from datetime import date

import pytest

from explainer.errors import BadPack
from explainer.packs.reading import read_examples, read_organisation
from explainer.packs.registry import read_models
from explainer.packs.release import check_pack
from explainer.packs.yamlread import read_yaml
from tests.little import checked, little_files, little_pack
from tests.support import MODELS, SHIPPED


def line_of(text, part):
    """The line, from 1, on which a part first stands."""
    return text[: text.index(part)].count("\n") + 1


def mistakes_in(files):
    with pytest.raises(BadPack) as refusal:
        checked(files)
    return list(refusal.value.mistakes)


def mistakes_with(file, old, new):
    """What is found when one part of one file is replaced."""
    files = little_files()
    assert files[file].count(old) >= 1, f"{old!r} is not in {file}"
    return mistakes_in(files | {file: files[file].replace(old, new, 1)})


# ruff: noqa: E501 -- a table is read line by line
# Twenty mistakes: file, what stands there, what is planted, the words that must be on the line, what must be said.
PLANTED = [
    ("pack.yaml", "contest_days: 30", "contest_days: 0", "contest_days: 0", "contest_days: Must be greater"),
    ("pack.yaml", "owner: Tests", "owner: Tests\nmotto: faster", "motto: faster", "motto: no such setting"),
    ("features.yaml", "range: [0.5, 99.5]", "range: [99.5, 0.5]", "range: [99.5, 0.5]", "amount.range: the least must be below"),
    ("features.yaml", "range: [0, 60]\n", "range: [0, 60]\n  colour: red\n", "  colour: red", "days.colour: no such setting"),
    ("features.yaml", "levels: [small, large]", "levels: [small, large, small]", "levels: [small, large, small]", "size.levels: a level is named twice"),
    ("features.yaml", "gift:\n  type: boolean", "gift:\n  type: yesno", "type: yesno", "gift.type: Must be one of"),
    ("policy.yaml", "{feature: size, is: large}", "{feature: size, is: huge}", "is: huge", "no such level: huge"),
    ("policy.yaml", "{feature: gift, is: true}", "{feature: present, is: true}", "feature: present", "no such feature: present"),
    ("policy.yaml", "to: 2026-08-31", "to: 2026-02-30", "to: 2026-02-30", "rules.1.to: must be a day such as"),
    ("policy.yaml", "at_least: refer", "at_least: reefer", "at_least: reefer", "no such outcome: reefer"),
    ("policy.yaml", "{feature: amount, at_least: 90}", "{feature: amount, above: 90}", "above: 90", "no such comparison"),
    ("policy.yaml", "code: dear", "code: dear\n    code: dear", "    code: dear", "rules.3.code: named twice"),
    ("training.yaml", "held_out: 0.25", "held_out: 0.75", "held_out: 0.75", "held_out: Must be"),
    ("training.yaml", "objective: binary", "objective: binary, num_threads: 8", "num_threads: 8", "lightgbm.num_threads: not a parameter"),
    ("training.yaml", "[language_group]", "[colour]", "[colour]", "audit_groups.0: an audit group is never a feature"),
    ("phrases/en.ftl", "source-tracking = the tracking\n", "", None, "source-tracking: missing"),
    ("phrases/en.ftl", "pack-name = Parcel", "pack-name = Parcel\npack-nmae = Parcel", "pack-nmae", "pack-nmae: nothing of this name is declared"),
    ("phrases/en.ftl", "after { $value }. This spoke for", "after { $days }. This spoke for", "$days }. This", "no such value: $days"),
    ("phrases/es.ftl", "pack-name = Parcel", "pack name\npack-name = Parcel", "pack name", "Expected token"),
    ("examples/rules.yaml", "outcome: approve", "outcome: pay", "outcome: pay", "0.outcome: no such outcome: pay"),
]  # fmt: skip


@pytest.fixture(scope="module")
def broken():
    """The little pack with every mistake of PLANTED in it."""
    files = little_files()
    for file, old, new, _where, _why in PLANTED:
        assert old in files[file], old
        files[file] = files[file].replace(old, new, 1)
    return files


@pytest.fixture(scope="module")
def found(broken):
    """All that is said about it."""
    return mistakes_in(broken)


class TestTwentyPlantedMistakes:
    def test_all_twenty_are_listed_in_one_go(self, found):
        assert (len(PLANTED), len(found)) == (20, 20)

    @pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one[4])
    def test_each_is_said_with_its_file_and_line(self, broken, found, planted):
        file, _old, _new, where, why = planted
        line = r"\d+" if where is None else line_of(broken[file], where)  # what is not there at all has a line to be written on
        assert [one for one in found if re.match(rf"{re.escape(file)}:{line}: ", one) and why in one]

    @pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one[4])
    def test_each_is_found_alone_too(self, planted):
        file, old, new, _where, why = planted
        found = mistakes_with(file, old, new)
        assert any(one.startswith(f"{file}:") and why in one for one in found)


class TestLanguages:
    @pytest.mark.parametrize("tag", ["en-XX", "xx"])
    def test_one_in_which_no_number_can_be_written_is_a_mistake(self, tag):
        found = mistakes_with("pack.yaml", "languages: [en, es]", f"languages: [en, es, {tag}]")
        assert any("pack.yaml:" in one and "languages.2: no such language" in one for one in found)


class TestHowLongDecisionsAreKept:
    def test_a_pack_may_say_it(self):
        files = little_files()
        said = files | {"pack.yaml": files["pack.yaml"] + "retention_months: 24\n"}
        assert (checked(files).retention_months, checked(said).retention_months) == (None, 24)

    @pytest.mark.parametrize("months", ["5", "1201", "2.5", "long"])
    def test_six_months_are_the_least(self, months):
        (said,) = mistakes_with("pack.yaml", "contest_days: 30", f"contest_days: 30\nretention_months: {months}")
        assert re.match(r"pack\.yaml:\d+: retention_months: ", said.rpartition("/")[2])


class TestGoodPacks:
    @pytest.mark.parametrize("pack", [*SHIPPED, "airport_claims"])
    def test_a_shipped_pack_has_no_mistake(self, pack):
        assert check_pack(read_models(MODELS, pack), pack).name == pack

    def test_the_little_pack_has_none(self):
        assert checked(little_files()).name == "little"

    def test_what_is_declared_is_what_is_read(self):
        amount = little_pack().feature["amount"]
        assert (amount.type, amount.unit, amount.low, amount.high, amount.clip, amount.monotone) == (
            "number",
            "EUR",
            0.5,
            99.5,
            True,
            -1,
        )

    def test_features_keep_the_order_of_the_file(self):
        assert list(little_pack().feature) == ["amount", "days", "colour", "size", "gift"]

    def test_bands_and_outcomes_keep_theirs(self):
        pack = little_pack()
        assert [one.outcome for one in pack.bands] == [one.code for one in pack.outcomes] == ["approve", "refer", "decline"]


class TestFiles:
    @pytest.mark.parametrize("file", ["pack.yaml", "features.yaml", "policy.yaml", "training.yaml"])
    def test_a_missing_declaration_is_named(self, file):
        files = little_files()
        del files[file]
        assert f"{file}:1: this file is missing" in mistakes_in(files)

    @pytest.mark.parametrize("file", ["pack.yaml", "features.yaml", "policy.yaml", "training.yaml", "examples/rules.yaml"])
    @pytest.mark.parametrize("text", ["", "null", "just words", "3", "[1, 2]", "- {a: b}"])
    def test_a_file_of_another_shape_is_refused_and_nothing_else_breaks(self, file, text):
        assert any(one.startswith(f"{file}:1: ") for one in mistakes_in(little_files() | {file: text}))

    @pytest.mark.parametrize("file", ["pack.yaml", "features.yaml", "policy.yaml", "training.yaml"])
    @pytest.mark.parametrize("text", ["", "a: [", "[]"])
    def test_one_unreadable_file_accuses_no_phrase_file(self, file, text):
        found = mistakes_in(little_files() | {file: text})
        assert [one for one in found if one.startswith("phrases/")] == []

    def test_a_language_without_its_phrase_file_is_named_at_its_line(self):
        files = little_files()
        del files["phrases/es.ftl"]
        line = line_of(files["pack.yaml"], "languages:")
        assert mistakes_in(files) == [f"pack.yaml:{line}: languages.1: phrases/es.ftl is missing"]

    def test_the_folder_must_bear_the_name_of_the_pack(self):
        with pytest.raises(BadPack, match=r"pack\.yaml:1: pack: must be the folder's name, other"):
            check_pack(little_files(), "other")


class TestYaml:
    def test_is_version_1_2_where_on_and_no_are_words(self):
        value, lines = read_yaml("on: no\noff: yes\nnorway: NO\n", "f.yaml")
        assert (value, lines.mistakes) == ({"on": "no", "off": "yes", "norway": "NO"}, [])

    def test_every_duplicate_key_is_a_mistake_at_its_own_line(self):
        _, lines = read_yaml("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", "f.yaml")
        assert sorted(lines.mistakes) == ["f.yaml:4: b.c: named twice", "f.yaml:5: a: named twice"]

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("a: [1, 2\nb: 3\n", 2),
            ("a: 1\n\tb: 2\n", 2),
            ("a: *nowhere\n", 1),
            ("a: 1\n--- \nb: 2\n", 2),
            ("a: !!python/name:os.system x", 1),
        ],
    )
    def test_what_is_not_yaml_is_said_at_its_line(self, text, line):
        value, lines = read_yaml(text, "f.yaml")
        assert value is None
        assert [one.startswith(f"f.yaml:{line}: not YAML") for one in lines.mistakes] == [True]

    def test_a_value_inside_itself_is_refused_and_does_not_hang(self):
        assert read_yaml("a: &a [*a]", "f.yaml")[1].mistakes == ["f.yaml:1: not YAML: nested without end"]

    def test_a_name_that_is_not_text_is_refused(self):
        assert "f.yaml:1: 3: a name must be text" in read_yaml("3: x", "f.yaml")[1].mistakes[0]


class TestDates:
    def test_a_day_is_read_as_a_day(self):
        summer = little_pack().rules[1]
        assert (summer.in_force_from, summer.in_force_to) == (date(2026, 6, 1), date(2026, 8, 31))

    @pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "soon", "20260601", "2026-06-01T10:00:00", "[2026]", "true"])
    def test_what_is_no_day_is_refused_at_its_line(self, day):
        found = mistakes_with("policy.yaml", "from: 2026-06-01", f"from: {day}")
        assert found == ["policy.yaml:10: rules.1.from: must be a day such as 2026-05-04"]

    def test_a_rule_may_not_end_before_it_begins(self):
        assert mistakes_with("policy.yaml", "to: 2026-08-31", "to: 2026-05-31") == [
            "policy.yaml:11: rules.1.to: ends before it begins"
        ]

    def test_an_example_has_a_day(self):
        assert mistakes_with("examples/rules.yaml", "on: 2026-05-04", "on: today") == [
            "examples/rules.yaml:2: 0.on: must be a day such as 2026-05-04"
        ]


class TestClauses:
    @pytest.mark.parametrize(
        ("clause", "why"),
        [
            ("{feature: days, is: red}", "must be a number"),
            ("{feature: days, is: true}", "must be a number"),
            ("{feature: days, below: many}", "must be a number"),
            ("{feature: colour, below: 3}", "only a number can be below"),
            ("{feature: gift, is: 1}", "must be true or false"),
            ("{feature: size, missing: true}", "this feature is never missing"),
            ("{feature: days, missing: 1}", "say true or false"),
            ("{feature: colour, in: red}", "must be a list"),
            ("{feature: colour, in: []}", "must be a list"),
            ("{feature: colour, in: [red, pink]}", "no such level: pink"),
            ("{feature: days}", "must be {all:"),
            ("{feature: days, below: 3, at_least: 1}", "must be {all:"),
            ("{all: []}", "at least one clause"),
            ("{any: 3}", "at least one clause"),
            ("{all: [{feature: days, below: x}]}", "must be a number"),
            ("[]", "must be {all:"),
        ],
    )
    def test_a_clause_that_means_nothing_is_refused_at_its_line(self, clause, why):
        found = mistakes_with("policy.yaml", "{feature: days, below: 3}", clause)
        in_policy = [one for one in found if "phrases/" not in one]  # words may name what the rule tested before
        assert [one.startswith("policy.yaml:14: ") and why in one for one in in_policy] == [True]

    @pytest.mark.parametrize("then", ["then: refer\n    at_least: refer", "source: x"])
    def test_a_rule_either_decides_or_lifts(self, then):
        found = mistakes_with("policy.yaml", "at_least: refer", then)
        assert any("needs either `then` or `at_least`" in one for one in found)

    def test_two_rules_may_not_have_one_code(self):
        assert "rules.3.code: another rule has this code" in mistakes_with("policy.yaml", "code: dear", "code: summer")[0]


class TestPack:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("at_least: 0.5}", "at_least: -0.6}", "bands go from the highest margin down"),
            ("at_least: 0.5}", "at_least: .inf}", "bands.0.at_least"),
            ("- {outcome: refer, at_least: -0.5}", "- {outcome: refer}", "every band but the last needs at_least"),
            ("- {outcome: approve, at_least: 0.5}", "- {outcome: decline, at_least: 0.5}", "at least as favourable"),
            ("{outcome: approve, at_least", "{outcome: pay, at_least", "bands.0.outcome: no such outcome: pay"),
            ("{code: refer, person: true}", "{code: refer}", "exactly one outcome, `refer`"),
            ("- {code: decline}", "- {code: approve}", "an outcome is named twice"),
            ("languages: [en, es]", "languages: [english]", "use a language tag"),
            ("score_shown: percent", "score_shown: stars", "Must be one of: percent, points"),
        ],
    )
    def test_a_head_that_contradicts_itself_is_refused(self, old, new, why):
        assert any(one.startswith("pack.yaml:") and why in one for one in mistakes_with("pack.yaml", old, new))


class TestFeatures:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("  range: [0, 60]\n", "", "days.range: a number needs its range"),
            ("range: [0, 60]", "range: [60, 60]", "days.range: the least must be below"),
            ("  levels: [small, large]\n", "", "size.levels: a category needs its levels"),
            ("type: boolean", "type: boolean\n  range: [0, 1]", "gift.range: only a number has a range"),
            ("type: boolean", "type: boolean\n  beyond: clip", "gift.beyond: only a number can be clipped"),
            (
                "{to: [red], effort: 2.0}",
                "{to: [red], together: {shape: 1}}",
                "colour.action.together.shape: no such feature: shape",
            ),
            ("{to: [red], effort: 2.0}", "{to: [red], together: {colour: red}}", "a change does not bring itself along"),
            ("{to: [red], effort: 2.0}", "{to: [red], together: {size: huge}}", "together.size: no such level: huge"),
            ("{to: [red], effort: 2.0}", "{to: [red], together: {size: null}}", "together.size: this feature is never missing"),
            ("{to: [red], effort: 2.0}", "{to: [red], together: {days: 61}}", "together.days: must be within its range"),
            (
                "{to: [red], effort: 2.0}",
                "{to: [red], when: {feature: size, is: huge}}",
                "colour.action.when.is: no such level: huge",
            ),
            ("{to: [red], effort: 2.0}", "{to: [red], when: soon}", "colour.action.when: must be {all"),
            ("group: delivery\n  action: immutable", "group: delivery\n  action: {direction: up, step: 0.5}", "by a whole `step`"),
            (
                "monotone: down\n  action: immutable",
                "monotone: down\n  action: {direction: down, step: 0.0001}",
                "more than 100,000",
            ),
            (
                "monotone: down\n  action: immutable",
                "monotone: down\n  action: {direction: down, least: 9, most: 8}",
                "amount.action: `least` must not be above `most`",
            ),
            ("{to: [red], effort: 2.0}", "{to: [pink]}", "colour.action: a category changes `to` some of its own levels"),
            ("levels: [small, large]", "levels: [small, large]\n  monotone: up", "size.monotone: a category has no direction"),
            (
                "levels: [small, large]",
                "levels: [small, large]\n  unknown: missing",
                "size.unknown: needs a category whose `missing`",
            ),
            ("days:\n", "Days since:\n", "Days since: use lower-case letters"),
        ],
    )
    def test_a_feature_that_contradicts_itself_is_refused(self, old, new, why):
        assert any(one.startswith("features.yaml:") and why in one for one in mistakes_with("features.yaml", old, new))


class TestChangesThatComeTogether:
    GIFT = "group: gift\n  action: immutable"

    def mistakes(self, colour, gift):
        """What is found when colour and gift have actions."""
        declared = little_files()["features.yaml"].replace("{to: [red], effort: 2.0}", colour)
        files = little_files() | {"features.yaml": declared.replace(self.GIFT, f"group: gift\n  action: {gift}")}
        return [one for one in mistakes_in(files) if one.startswith("features.yaml:")]

    def test_are_read(self):
        changed = "{to: [red], when: {feature: gift, is: true}, together: {days: null, size: large}}"
        pack = little_pack(features=little_files()["features.yaml"].replace("{to: [red], effort: 2.0}", changed))
        action = pack.feature["colour"].action
        assert (action.when.feature, action.when.value, action.together) == ("gift", True, (("days", None), ("size", "large")))

    def test_a_fact_comes_along_with_one_change_only(self):
        found = self.mistakes("{to: [red], together: {size: large}}", "{direction: up, together: {size: small}}")
        assert [one.split(":")[1] for one in found] == ["25", "36"]
        assert all("another change brings this fact along too" in one for one in found)

    def test_what_comes_along_brings_nothing_itself(self):
        (found,) = self.mistakes("{to: [red], together: {size: large}}", "{direction: up, together: {colour: red}}")
        assert "gift.action.together.colour: a fact that brings others along cannot be brought along" in found


class TestActionsNeedWords:
    def test_for_what_can_be_done_and_what_we_would_have_done(self):
        done = mistakes_with("phrases/en.ftl", "action-colour =\n    .level-red = sent a red one\n", "")
        instead = mistakes_with("phrases/es.ftl", "    .instead = a person would have decided\n", "")
        (done,), (instead,) = done, instead
        assert re.fullmatch(r"phrases/en\.ftl:\d+: action-colour\.level-red: missing", done)
        assert re.fullmatch(r"phrases/es\.ftl:\d+: outcome-refer\.instead: missing: “a person would have decided”", instead)

    def test_a_number_says_its_value(self):
        files = little_files()
        files["features.yaml"] = files["features.yaml"].replace("down\n  action: immutable", "down\n  action: {direction: down}")
        files |= {one: files[one] + "action-amount = asked for less\n" for one in ("phrases/en.ftl", "phrases/es.ftl")}
        assert all("action-amount: does not say $value" in one for one in mistakes_in(files))


class TestTraining:
    @pytest.mark.parametrize("name", ["num_threads", "seed", "deterministic", "device", "monotone_constraints", "is_unbalance"])
    def test_a_pack_may_not_choose_what_would_change_the_bits_or_the_meaning_of_a_margin(self, name):
        found = mistakes_with("training.yaml", "num_leaves: 5", f"{name}: 1")
        assert found == [f"training.yaml:6: lightgbm.{name}: not a parameter a pack may choose"]

    def test_the_margin_is_a_log_odds(self):
        assert "must be binary" in mistakes_with("training.yaml", "objective: binary", "objective: regression")[0]

    def test_the_table_lies_in_no_other_folder(self):
        assert "without folders" in mistakes_with("training.yaml", "data: cases.parquet", "data: ../cases.parquet")[0]


class TestExamplesAndOrganisation:
    def test_an_example_knows_where_it_stands(self):
        files = little_files()
        assert [one["where"] for one in read_examples(files, checked(files))] == ["examples/rules.yaml:1"]

    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ("Europe/Dublin", "Europe/Atlantis", "time_zone: no such time zone"),
            ("care@norte-vale.example", "care", "email: Not a valid email"),
            ("phone:", "fax:", "phone: Missing data"),
        ],
    )
    def test_a_mistake_about_who_is_responsible_is_found(self, old, new, why):
        text = little_files()["organisation.yaml"]
        with pytest.raises(BadPack) as refusal:
            read_organisation(text.replace(old, new, 1))
        assert any(why in one for one in refusal.value.mistakes)
