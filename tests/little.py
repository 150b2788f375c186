"""Little: a whole pack on one page, which tests read, break, decide by and train on in a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from explainer.packs.definition import Pack
from explainer.packs.reading import read_pack
from explainer.packs.release import check_pack
from tests.support import MODELS

PACK = """\
pack: little
title: Little pack
owner: Tests
purpose: Decides about parcels.
score_meaning: the chance that a reviewer would approve
score_shown: percent
outcomes:
  - {code: approve}
  - {code: refer, person: true}
  - {code: decline}
bands:
  - {outcome: approve, at_least: 0.5}
  - {outcome: refer, at_least: -0.5}
  - {outcome: decline}
languages: [en, es]
contest_days: 30
"""

FEATURES = """\
amount:
  type: number
  unit: EUR
  range: [0.5, 99.5]
  beyond: clip
  source: order
  group: money
  monotone: down
  action: immutable
days:
  type: integer
  unit: days
  range: [0, 60]
  missing: the parcel never arrived
  source: tracking
  group: delivery
  action: immutable
colour:
  type: category
  levels: [red, green, blue]
  unknown: missing
  missing: nobody told us
  source: order
  group: item
  action: {to: [red], effort: 2.0}
size:
  type: category
  levels: [small, large]
  source: order
  group: item
  action: immutable
gift:
  type: boolean
  source: order
  group: gift
  action: immutable
"""

POLICY = """\
rules:
  - code: never_came
    when: {all: [{feature: days, missing: true}, {feature: size, is: large}]}
    then: approve
    from: 2020-01-01
    source: "House rule 1"
  - code: summer
    when: {any: [{feature: colour, in: [red, blue]}, {feature: gift, is: true}]}
    then: decline
    from: 2026-06-01
    to: 2026-08-31
    source: "House rule 2"
  - code: at_least_a_person
    when: {feature: days, below: 3}
    at_least: refer
    from: 2020-01-01
    source: "House rule 3"
  - code: dear
    when: {feature: amount, at_least: 90}
    then: refer
    from: 2020-01-01
    source: "House rule 4"
"""

TRAINING = """\
data: cases.parquet
target: approved
time: asked_on
held_out: 0.25
seed: 7
lightgbm: {objective: binary, num_iterations: 12, learning_rate: 0.2, num_leaves: 5, min_data_in_leaf: 20}
reference: {where: {approved: 1}, rows: 60}
audit_groups: [language_group]
"""

ENGLISH = """\
pack-name = Parcel
pack-subject = your parcel
not-used = We did not use your age.
score-event = a reviewer approved
compared-with = We compared it with parcels that a reviewer approved.
outcome-approve = Approved
    .headline = We approved it.
    .effect = You get your money.
    .instead = we would have approved it
outcome-refer = With a person
    .headline = A person decides.
    .effect = Somebody will write to you.
    .instead = a person would have decided
outcome-decline = Not approved
    .headline = We did not approve it.
    .effect = You can ask a person.
group-item = The item
source-order = your order
source-tracking = the tracking
feature-amount = Amount
feature-days = Days
    .missing = not delivered
feature-colour = Colour
    .level-red = a red one
    .level-green = a green one
    .level-blue = a blue one
    .missing = not known
feature-size = Size
    .level-small = a small one
    .level-large = a large one
feature-gift = Gift
    .yes = a gift
    .no = no gift
reason-amount =
    .for = You asked for { $value }. This spoke for you.
    .against = You asked for { $value }. This spoke against you.
reason-days =
    .for = You asked after { $value }. This spoke for you.
    .against = You asked after { $value }. This spoke against you.
    .for-missing = It never came. This spoke for you.
    .against-missing = It never came. This spoke against you.
reason-colour =
    .for = It was { $value }. This spoke for you.
    .against = It was { $value }. This spoke against you.
    .for-missing = No colour is known. This spoke for you.
    .against-missing = No colour is known. This spoke against you.
reason-size =
    .for = It was { $value }. This spoke for you.
    .against = It was { $value }. This spoke against you.
reason-gift =
    .for = It was { $value }. This spoke for you.
    .against = It was { $value }. This spoke against you.
action-colour =
    .level-red = sent a red one
rule-never_came =
    .customer = It was { $size } and never came.
    .agent = Never came.
rule-summer =
    .customer = It was { $colour }, in summer.
    .agent = Summer rule.
rule-at_least_a_person =
    .customer = You asked after { $days }.
    .agent = Asked after { $days }.
rule-dear =
    .customer = You asked for { $amount }.
    .agent = Amount { $amount }.
"""

SHARED = """\
unit-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
agent-reason = { $label }: { $value }
value-private = given, not shown
value-more-than-most = { $value }, more than most
value-less-than-most = { $value }, less than most
placed-more = { $reason } Most were less.
placed-less = { $reason } Most were more.
recourse-one = If you had { $changes }, { $outcome }.
recourse-several = You could have { $changes }. Then { $outcome }.
recourse-none-rule = A fixed rule decided.
recourse-none-nothing = Nothing would have changed it.
recourse-none-not_found = We found nothing small.
recourse-none-not_searched = There was too much to look at.
recourse-none-close = It was too close.
value-at-least = at least { $value }
value-at-most = at most { $value }
direction-for-words = spoke for
direction-against-words = spoke against
"""

CARD = "# Little\n\nOnly for tests.\n"

EXAMPLES = """\
- name: a large parcel that never came is paid
  on: 2026-05-04
  facts: {amount: 20, days: null, colour: green, size: large, gift: false}
  outcome: approve
  decisive: rule
  rules: [never_came]
  reasons: [never_came]
"""


def little_files() -> dict[str, str]:
    """The little pack's files, with a few shared words and the real organisation."""
    return {
        "pack.yaml": PACK,
        "features.yaml": FEATURES,
        "policy.yaml": POLICY,
        "training.yaml": TRAINING,
        "phrases/en.ftl": ENGLISH,
        "phrases/es.ftl": ENGLISH,
        "examples/rules.yaml": EXAMPLES,
        "CARD.md": CARD,
        "shared/en.ftl": SHARED,
        "shared/es.ftl": SHARED,
        "organisation.yaml": (MODELS / "organisation.yaml").read_text("utf-8"),
    }


def little_pack(**changed: str) -> Pack:
    """The little pack, with whole files replaced: `little_pack(policy=…)`."""
    return read_pack(little_files() | {f"{name}.yaml": text for name, text in changed.items()}, "little")


def checked(files: dict[str, str]) -> Pack:
    """The little pack from its files, words and all."""
    return check_pack(files, "little")


def little_cases(rows: int = 400) -> pd.DataFrame:
    """Past cases that fit the little pack, with an id and a group that no model may see."""
    rng = np.random.default_rng(5)
    amount, days = rng.uniform(0, 120, rows).round(2), rng.integers(0, 60, rows).astype(float)
    days[::11] = np.nan
    odds = 1.0 - amount / 40 + 2.0 * (days < 10)
    return pd.DataFrame({
        "asked_on": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(rows) // 4, unit="D"),
        "id": np.arange(900_000, 900_000 + rows),
        "amount": amount,
        "days": pd.array(days, dtype="Float64").astype("Int16"),
        "colour": pd.Series(rng.choice(["red", "green", "blue", "mauve"], rows)).mask(rng.random(rows) < 0.1),
        "size": rng.choice(["small", "large"], rows),
        "gift": rng.random(rows) < 0.3,
        "language_group": rng.choice(["english", "other"], rows),
        "approved": (rng.random(rows) < 1 / (1 + np.exp(-odds))).astype("int8"),
    })  # fmt: skip


def little_models(folder: Path) -> Path:
    """A folder of packs that holds the little pack and its table."""
    for name, text in little_files().items():
        place = name.replace("shared/", "phrases/") if name.startswith("shared/") else name
        path = folder / (place if name.startswith("shared/") or name == "organisation.yaml" else f"little/{place}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "little" / "data").mkdir()
    little_cases().to_parquet(folder / "little" / "data" / "cases.parquet")
    return folder
