"""The forest reader: takes what LightGBM writes, and refuses whatever could lead anybody astray."""

import random
import re
import subprocess
import sys

import numpy as np
import pytest

from explainer.decisions.forest import MISSING_NAN, MISSING_NONE, MISSING_ZERO, read_forest
from explainer.errors import BadModel
from tests.forests import KINDS, model_text, split_on, trained


def mistakes_of(text):
    with pytest.raises(BadModel) as refusal:
        read_forest(text)
    return refusal.value.mistakes


class TestReading:
    @pytest.mark.parametrize("kind", KINDS)
    def test_takes_every_kind_that_lightgbm_trains(self, kind):
        text, x = trained(kind)
        forest = read_forest(text)
        assert (forest.trees, len(forest.features)) == (text.count("Tree="), x.shape[1])
        assert len(forest.value) == forest.leaf_start[-1] == len(forest.feature) + forest.trees

    @pytest.mark.parametrize(("kind", "missing"), [("nan", MISSING_NAN), ("none", MISSING_NONE), ("zero", MISSING_ZERO)])
    def test_knows_what_a_model_takes_for_missing(self, kind, missing):
        forest = read_forest(trained(kind)[0])
        assert missing in forest.missing[~forest.categorical]

    def test_keeps_every_digit(self):
        forest = read_forest(model_text(1, [split_on([0], [0.1 + 0.2, -1e-300])]))
        assert forest.value.tolist() == [0.1 + 0.2, -1e-300]

    def test_a_tree_of_one_leaf_has_no_nodes(self):
        forest = read_forest(model_text(1, ["num_leaves=1\nnum_cat=0\nleaf_value=0.25\n"]))
        assert (forest.trees, len(forest.feature), forest.value.tolist()) == (1, 0, [0.25])


TREE = split_on([0, 1, 0], [1, 2, 3, 4])


class TestRefusing:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("split_feature=0 1 0", "split_feature=0 2 0", "split_feature"),
            ("split_feature=0 1 0", "split_feature=0 -1 0", "split_feature"),
            ("split_feature=0 1 0", "split_feature=0 1", "split_feature"),
            ("threshold=0 0 0", "threshold=0 nan 0", "threshold"),
            ("threshold=0 0 0", "threshold=0 0 0 0", "threshold"),
            ("leaf_value=1 2 3 4", "leaf_value=1 inf 3 4", "leaf_value"),
            ("leaf_value=1 2 3 4", "leaf_value=1 -1e308 3 4", "leaf_value"),
            ("leaf_value=1 2 3 4", "leaf_value=1 2 3", "leaf_value"),
            ("num_leaves=4", "num_leaves=5", "leaf_value"),
            ("num_leaves=4", "num_leaves=0", "num_leaves"),
            ("num_leaves=4", "num_leaves=99999999999", "num_leaves"),
            ("left_child=-1 -2 -3", "left_child=-1 -1 -3", "must name every node and leaf once"),
            ("left_child=-1 -2 -3", "left_child=-1 -2 -9", "left_child"),
            ("right_child=1 2 -4", "right_child=2 1 -4", "a node must stand after its parent"),
            ("right_child=1 2 -4", "right_child=1 0 -4", "must name every node and leaf once"),
            ("decision_type=10 10 10", "decision_type=10 11 10", "num_cat"),
            ("decision_type=10 10 10", "decision_type=10 99 10", "decision_type"),
            ("is_linear=0", "is_linear=1", "is_linear"),
            ("leaf_value=", "leaf_value=1\nleaf_value=", "each line once"),
        ],
    )
    def test_a_tree_that_is_not_sound(self, old, new, said):
        assert old in TREE
        (mistake, *_) = mistakes_of(model_text(2, [TREE.replace(old, new)]))
        assert mistake.startswith("tree 0: ")
        assert said in mistake

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("version=v4", "version=v3", "version"),
            ("num_class=1", "num_class=3", "num_class"),
            ("objective=binary sigmoid:1", "objective=binary sigmoid:2", "objective"),
            ("objective=binary sigmoid:1", "objective=multiclass num_class:3", "objective"),
            ("max_feature_idx=1", "max_feature_idx=7", "feature_names"),
            ("feature_names", "average_output\nfeature_names", "average_output"),
            ("tree_sizes=", "tree_sizes=1", "tree_sizes"),
            ("end of trees", "end of", "to its end"),
            ("pandas_categorical:null\n", "pandas_categorical:nul", "not whole"),
        ],
    )
    def test_a_file_that_is_not_what_it_says(self, old, new, said):
        text = model_text(2, [TREE])
        assert old in text
        assert any(said in mistake for mistake in mistakes_of(text.replace(old, new)))

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("tree_sizes=", "=tree_sizes=99999999999\ntree_sizes=", "a line without a name: no such line"),
            ("tree_sizes=", "tree_sizes=99999999999\ntree_sizes=", "each line once"),
            ("tree_sizes=", "tree_sizes=99999999999\nx\x0btree_sizes=", "no such line"),
            ("tree_sizes=", "tree_sizes==", "tree_sizes: holds what no value does"),
            ("tree_sizes=", "\ntree_sizes=", "a line without a name"),
            ("num_class=1", "num_class=1\rnum_class=9", "num_class"),
            ("num_class=1", "num_class=1\x00", "num_class"),
            ("max_feature_idx=1", "max_feature_idx=1\n=max_feature_idx=0\n=feature_names=f", "a line without a name"),
            ("feature_names=f0 f1", "feature_names=f0\u2003f1", "feature_names"),
            ("feature_names=f0 f1", "feature_names=f0  f1", "feature_names"),
            ("feature_names=f0 f1", "feature_names=f0 f1\x85", "feature_names: holds"),
            ("feature_names=f0 f1", "feature_names=f0 f\ud800", "feature_names: holds"),
            ("tree_sizes=", "label_index=x\ntree_sizes=", "label_index"),
            ("tree_sizes=", "init_score=1\ntree_sizes=", "init_score: no such line"),
        ],
    )
    def test_a_head_that_lightgbm_would_read_otherwise(self, old, new, said):
        """It drops what stands empty before a `=`, keeps the last of two lines, and ends a line at other marks, too."""
        text = model_text(2, [TREE])
        assert old in text
        assert any(said in mistake for mistake in mistakes_of(text.replace(old, new)))

    @pytest.mark.parametrize("line", ["=num_leaves=2", "", "=", "num_leaves\r=2"])
    def test_a_line_of_a_tree_that_lightgbm_would_read_otherwise(self, line):
        (mistake, *_) = mistakes_of(model_text(2, [TREE.replace("leaf_value=", f"{line}\nleaf_value=")]))
        assert mistake.startswith("tree 0: ")
        assert mistake.endswith("no such line")

    def test_a_feature_split_both_ways(self):
        by_level = TREE.replace("num_cat=0", "num_cat=1").replace("decision_type=10 10 10", "decision_type=10 10 1")
        text = model_text(2, [by_level + "cat_boundaries=0 1\ncat_threshold=5\n"])
        assert mistakes_of(text) == ("split_feature: f0: split by categories and by thresholds",)

    def test_every_mistake_is_named(self):
        broken = TREE.replace("threshold=0 0 0", "threshold=x y z").replace("leaf_value=1", "leaf_value=one")
        named = mistakes_of(model_text(2, [broken, TREE.replace("num_leaves=4", "num_leaves=-4")]))
        where = [re.match(r"tree \d: \w+", one)[0] for one in named]
        assert where == ["tree 0: leaf_value", "tree 0: threshold", "tree 1: num_leaves"]

    def test_a_cut_anywhere(self):
        text = trained("nan")[0]
        for length in range(0, len(text) - 1, 97):
            assert mistakes_of(text[:length])

    @pytest.mark.parametrize("text", ["", "\n", "tree", "\x00" * 100, "Tree=0\n" * 1000, "tree\nversion=v4\n" + "=" * 10_000])
    def test_what_is_no_model_at_all(self, text):
        assert mistakes_of(text)


SPOILERS = {
    "split_feature": ["-1", "99", "1e9", "x", "4294967296"],
    "left_child": ["0", "99", "-99", "1.5", "--1"],
    "right_child": ["0", "99", "-99", "", "NaN"],
    "threshold": ["nan", "0x10", "1e", "''"],
    "leaf_value": ["nan", "inf", "-inf", "1,5"],
    "decision_type": ["-1", "16", "255", "12"],
    "cat_boundaries": ["-1", "99999999", "0", "x"],
    "cat_threshold": ["-1", "4294967296", "x"],
    "split_gain": ["x", "nan"],
    "leaf_weight": ["x", "١"],
    "leaf_count": ["x", "1e"],
    "internal_value": ["x"],
    "internal_weight": ["x"],
    "internal_count": ["x"],
    "shrinkage": ["x"],
    "num_leaves": ["0", "-3", "1000000", "2"],
    "num_cat": ["-1", "77", "x"],
}


def spoiled(text, seed):
    """The text with one number of one tree made wrong, missing or too many, and the tree's size made to fit again."""
    rng = random.Random(seed)
    head, trees, end = taken_apart(text)
    at = rng.randrange(len(trees))
    lines = trees[at].split("\n")
    place = rng.choice([index for index, one in enumerate(lines) if one.partition("=")[0] in SPOILERS])
    name, _, words = lines[place].partition("=")
    numbers = words.split()
    which, how = rng.randrange(len(numbers)), rng.choice(["wrong", "wrong", "drop", "twice"])
    if how == "wrong":
        numbers[which] = rng.choice([one for one in SPOILERS[name] if one != numbers[which]])
    else:
        numbers[which : which + 1] = [] if how == "drop" else [numbers[which]] * 2
    lines[place] = f"{name}={' '.join(numbers)}"
    trees[at] = "\n".join(lines)
    return put_together(head, trees, end)


def taken_apart(text):
    body, end, rest = text.partition("end of trees")
    head, *trees = re.split(r"(?=Tree=\d)", body)
    return head, trees, end + rest


def put_together(head, trees, end):
    sizes = " ".join(str(len(one)) for one in trees)
    return re.sub(r"tree_sizes=.*", f"tree_sizes={sizes}", head) + "".join(trees) + end


class TestHostileFiles:
    def test_of_five_hundred_spoiled_models_each_is_refused(self):
        text = trained("nan")[0]
        assert put_together(*taken_apart(text)) == text
        accepted = [seed for seed in range(500) if not refused(spoiled(text, seed))]
        assert accepted == []

    def test_any_byte_changed_never_leads_a_walk_astray(self):
        text, x = trained("nan")
        rng = random.Random(1)
        for _ in range(300):
            at = rng.randrange(len(text))
            changed = text[:at] + rng.choice("0123456789-. =\nexn\x00") + text[at + 1 :]
            if not refused(changed):  # a digit of a value, say: then it is a sound model all the same
                forest = read_forest(changed)
                assert np.isfinite(forest.value).all()
                assert ((forest.feature >= 0) & (forest.feature < x.shape[1])).all()

    @pytest.mark.slow
    def test_whatever_is_accepted_lightgbm_can_open(self, tmp_path):
        """In a process of its own: its reader would end ours."""
        text, _ = trained("nan")
        rng, accepted = random.Random(2), []
        while len(accepted) < 60:
            at = rng.randrange(len(text))
            changed = text[:at] + rng.choice("0123456789-. e\n") + text[at + 1 :]
            if changed != text and not refused(changed):
                accepted.append(changed)
        for index, one in enumerate(accepted):
            (tmp_path / f"{index}.txt").write_text(one)
        script = (
            "import pathlib, sys, lightgbm, numpy; from explainer.training.recipe import open_booster\n"
            "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.txt')):\n"
            "    try: booster = open_booster(path.read_text())\n"
            "    except lightgbm.basic.LightGBMError: continue\n"
            "    print(path.name, flush=True)\n"
            "    booster.predict(numpy.zeros((2, booster.num_feature())), raw_score=True, num_threads=1)\n"
            "print('alive')"
        )
        ran = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=120)
        assert ran.stdout.strip().endswith("alive"), ran.stderr[-1000:]


def refused(text):
    try:
        read_forest(text)
    except BadModel:
        return True
    return False
