"""`make bench`: what the kernel costs beside LightGBM and its peers, printed, written to bench.json and drawn.

Every line is a ratio within this one run; absolute times are printed only to say of what.
It ends with 1 when something is not reached, and says what.
"""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from explainer.attributions.folding import BY_TABLES, fold
from explainer.attributions.kernel import Kernel
from explainer.decisions.codes import branches, codebook, encode
from explainer.decisions.forest import read_forest
from explainer.decisions.scoring import add_margins, leaf_masks
from tests.bench.apart import fasttreeshap
from tests.bench.appending import LEAST, append_ratios
from tests.bench.decisions import bulk_rows_a_second, decision_figures, letter_figures, replays_a_second
from tests.bench.measuring import Ratio, in_turns, seconds
from tests.bench.models import Subject, rows_of, subject
from tests.bench.recourse import against_dice, recourse_seconds

LIMITS = {  # name → (what, against what, at most)
    "batch_vs_predict": ("score and attribution, batch of 10,000", "Booster.predict", 0.75),
    "batch_vs_predict_numeric": ("the same, a model of numbers alone", "Booster.predict", 1.05),
    "row_vs_predict": ("score and attribution, one row from Python", "Booster.predict of one row", 0.5),
    "batch_vs_pred_contrib": ("score and attribution, batch", "pred_contrib", 0.012),
    "growth_reference": ("100,000 reference rows, per case", "100 reference rows", 1.05),
    "score_vs_predict": ("score alone, batch", "Booster.predict", 0.15),
    "row_vs_predict_large": ("1,000 trees × 63 leaves, one row (stretch)", "Booster.predict of one row", 1.0),
}
FIGURES = {  # name → (what, unit, limit, better)
    "fold_10000": ("folding 10,000 reference rows", "s", 0.5, "at most"),
    "fold_100000": ("folding 100,000 reference rows", "s", 1.0, "at most"),
    "tables": ("tables", "MB", 130, "at most"),
    "decision": ("facts → decision, explained, worded in two languages", "µs", 400, "at most"),
    "decision_every": ("the same, worded in every language of the pack", "µs", None, ""),
    "decision_facts": ("of the former: facts to columns", "µs", None, ""),
    "decision_kernel": ("… score and attribution", "µs", None, ""),
    "decision_outcome": ("… rules and outcome", "µs", None, ""),
    "decision_reasons": ("… reasons", "µs", None, ""),
    "decision_recourse": ("… recourse, where it is looked for", "µs", None, ""),
    "decision_words": ("… words in two languages", "µs", None, ""),
    "decision_gate": ("… all held against the record again", "µs", None, ""),
    "decision_record": ("after it: the record's bytes, in canonical form", "µs", None, ""),
    "letter": ("a decision's letter as PDF, median", "ms", 50, "at most"),
    "letter_p99": ("the same, 99th percentile", "ms", 50, "at most"),
    "recourse_median": ("recourse, 20 features free to change, median", "ms", 5, "at most"),
    "recourse_p99": ("recourse, one case in a hundred takes longer", "ms", 15, "at most"),
    "recourse_processor_median": ("the same in processor time, median", "ms", 5, "at most"),
    "recourse_processor_p99": ("the same in processor time, one in a hundred", "ms", 15, "at most"),
    "bulk_dry_run": ("`explainer bulk --dry-run`, the whole command, one language, two cores", "rows/s", 20_000, "at least"),
    "bulk_recorded": ("bulk, recorded on SQLite", "rows/s", None, ""),
    "replay": ("bulk replay, levels E0 to E2, two cores", "decisions/s", 5_000, "at least"),
    "append_8": ("route that appends one 2 kB entry, SQLite, 8 clients and threads", "× a bare route", None, ""),
    "append_32": ("the same, 32 clients and threads", "× a bare route", LEAST, "at least"),
}
SURE = ("valid", "allowed")  # of our recourse: true of every answer
ROUNDS = 25  # of two programs in turns: a neighbour on the machine is busy for seconds
STRETCH = {"row_vs_predict_large"}  # told, not asked for
OUT = Path("bench.json")
say = Console(stderr=True).print


def kernel_of(one: Subject) -> Kernel:
    """The kernel of a subject."""
    return Kernel.of(one.text, encode(one.reference, codebook(read_forest(one.text))), BY_TABLES)


def batch_vs_predict(one: Subject, kernel: Kernel) -> Ratio:
    """Score and attribution of all rows against their score alone, one thread each."""
    return in_turns(
        lambda: kernel.explain_many(one.rows), lambda: one.booster.predict(one.rows, raw_score=True, num_threads=1), rounds=ROUNDS
    )


def row_vs_predict(one: Subject, kernel: Kernel, rows: int = 400) -> Ratio:
    """Varying single rows from Python: one repeated row would hide what memory costs."""
    singles = [row.copy() for row in one.rows[:rows]]
    framed = [row[np.newaxis, :].copy() for row in singles]

    def ours() -> None:
        for row in singles:
            kernel.explain(row)

    def theirs() -> None:
        for row in framed:
            one.booster.predict(row, raw_score=True, num_threads=1)

    return in_turns(ours, theirs, rounds=ROUNDS)


def score_vs_predict(one: Subject) -> Ratio:
    """The margin alone, codes and all."""
    forest = read_forest(one.text)
    book = codebook(forest)
    masks = leaf_masks(forest, book, branches(forest, book))

    def ours() -> None:
        add_margins(encode(one.rows, book).ravel(), one.rows.shape[1], masks, np.zeros(len(one.rows)))

    return in_turns(ours, lambda: one.booster.predict(one.rows, raw_score=True, num_threads=1), rounds=ROUNDS)


def contrib_vs(one: Subject, kernel: Kernel) -> Ratio:
    """Against LightGBM's own contributions, on fewer rows: they take seconds."""
    few = one.rows[:1000]
    many = np.tile(few, (10, 1))
    ratio = in_turns(
        lambda: kernel.explain_many(many), lambda: one.booster.predict(few, pred_contrib=True, num_threads=1), rounds=3
    )
    return Ratio(ratio.median / 10, ratio.low / 10, ratio.high / 10, ratio.ours / 10, ratio.theirs)


def growth(one: Subject) -> Ratio:
    """The same cases against a thousand times the reference population."""
    few, many = (kernel_of(Subject(one.name, one.text, one.booster, one.rows, rows_of(n, True, 5))) for n in (100, 100_000))
    return in_turns(lambda: many.explain_many(one.rows), lambda: few.explain_many(one.rows), rounds=ROUNDS)


class Folding:
    """Seconds to fold, taken at several moments of the bench, for the machine has slow ones; and the size of what comes out."""

    def __init__(self, one: Subject) -> None:
        forest = read_forest(one.text)
        book = codebook(forest)
        references = {f"fold_{rows}": encode(rows_of(rows, True, 5), book) for rows in (10_000, 100_000)}
        self._ways = {name: partial(fold, forest, book, rows, BY_TABLES) for name, rows in references.items()}
        self._taken: dict[str, list[float]] = {name: [] for name in self._ways}

    def measure(self) -> None:
        """Three of each."""
        for name, way in self._ways.items():
            self._taken[name] += [seconds(way) for _ in range(3)]

    def figures(self) -> dict[str, float]:
        """Medians of all."""
        tables = self._ways["fold_10000"]()
        found = {name: float(np.median(times)) for name, times in self._taken.items()}
        return found | {"tables": (tables.push.nbytes + tables.key.nbytes) / 1e6}


def peers(one: Subject, kernel: Kernel) -> dict[str, float]:
    """µs a row of others, on the numeric model that all of them take; those that are not installed are left out."""
    import shap

    few = one.rows[:20]
    found = {"explainer, batch": seconds(lambda: kernel.explain_many(one.rows)) / len(one.rows)}
    found["Booster.predict"] = seconds(lambda: one.booster.predict(one.rows, raw_score=True, num_threads=1)) / len(one.rows)
    found["pred_contrib"] = seconds(lambda: one.booster.predict(one.rows[:300], pred_contrib=True, num_threads=1)) / 300
    plain = shap.TreeExplainer(one.booster)
    found["shap, path-dependent"] = seconds(lambda: plain.shap_values(few)) / len(few)
    compared = shap.TreeExplainer(one.booster, shap.maskers.Independent(np.nan_to_num(one.reference), max_samples=100))
    known = np.nan_to_num(few)
    slowly = seconds(lambda: compared.shap_values(known, check_additivity=False))
    found["shap, interventional, 100 reference rows"] = slowly / len(few)
    try:
        from woodelf import WoodelfExplainer
    except ImportError:
        return found
    import pandas as pd

    names = [f"Column_{f}" for f in range(one.rows.shape[1])]
    frames = [pd.DataFrame(np.nan_to_num(rows), columns=names) for rows in (one.rows, one.reference)]
    woodelf = WoodelfExplainer(one.booster, frames[1])
    found["woodelf, batch of 10,000"] = seconds(lambda: woodelf.shap_values(frames[0])) / len(one.rows)
    return found


def main() -> int:
    """Measure everything, print it, write it and draw it; 1 when something is not reached."""
    say("training the models that are measured")
    cat, num = subject("cat", 300, 31, True), subject("num", 300, 31, False)
    kernel, numeric, folding = kernel_of(cat), kernel_of(num), Folding(cat)
    folding.measure()
    ratios: dict[str, Ratio] = {}
    for name, measure in {
        "batch_vs_predict": lambda: batch_vs_predict(cat, kernel),
        "batch_vs_predict_numeric": lambda: batch_vs_predict(num, numeric),
        "row_vs_predict": lambda: row_vs_predict(cat, kernel),
        "batch_vs_pred_contrib": lambda: contrib_vs(cat, kernel),
        "growth_reference": lambda: growth(cat),
        "score_vs_predict": lambda: score_vs_predict(cat),
        "row_vs_predict_large": large,
    }.items():
        ratios[name] = measure()
        say(f"{name}: {ratios[name].median:.3f}")
    folding.measure()
    figures = recourse_seconds(cat, kernel) | decision_figures() | letter_figures()
    figures |= bulk_rows_a_second() | replays_a_second() | append_ratios()
    folding.measure()
    figures |= folding.figures()
    others, apart = peers(num, numeric), fasttreeshap(num)
    others |= apart[0]
    ours = others["explainer, batch"]
    report = {
        "machine": machine(), "on": datetime.now(UTC).date().isoformat(), "versions": versions() | {"fasttreeshap": apart[1]},
        "ratios": {name: one.median for name, one in ratios.items()},
        "spread": {name: asdict(one) for name, one in ratios.items()},
        "figures": figures, "peers_microseconds_a_row": {name: 1e6 * one for name, one in others.items()},
        "ratio_to_peers": {name: ours / one for name, one in others.items()},
        "recourse": against_dice(cat, kernel),
    }  # fmt: skip
    OUT.write_text(json.dumps(report, indent=1))
    show(report)
    draw(report)
    missed = not_reached(report)
    for line in missed:
        say(f"not reached: {line}")
    return 1 if missed else 0


def not_reached(report: dict[str, Any]) -> list[str]:
    """What a report shows to be beyond its limit."""
    found = [
        f"{what}: {report['ratios'][name]:.3f} of {against}, at most {most:g}"
        for name, (what, against, most) in LIMITS.items()
        if name not in STRETCH and report["ratios"][name] > most
    ]
    asked = {name: said for name, said in report["recourse"]["explainer"].items() if name in SURE}
    found += [f"recourse, answers {name}: {share:.3f}, at least 1" for name, share in asked.items() if share < 1]
    if len(report["recourse"]) == 1:
        found.append("recourse: DiCE is not installed to compare it with")
    for name, (what, unit, limit, better) in FIGURES.items():
        if limit is not None and (report["figures"][name] > limit if better == "at most" else report["figures"][name] < limit):
            found.append(f"{what}: {report['figures'][name]:,.3g} {unit}, {better} {limit:,} {unit}")
    return found


def large() -> Ratio:
    """The stretch: a model whose tables are beyond the default budget."""
    one = subject("large", 1000, 63, True)
    return row_vs_predict(one, kernel_of(one), rows=200)


def machine() -> str:
    """The processor's name, or what the system says of it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def versions() -> dict[str, str]:
    """Of everything that was measured."""
    found = {"python": platform.python_version()}
    for name in ("explainer", "lightgbm", "numba", "numpy", "shap", "woodelf_explainer", "dice-ml"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def show(report: dict[str, Any]) -> None:
    """Print the tables."""
    table = Table("what", "against", "ratio", "lowest – highest", "at most", title=f"{report['machine']}, {report['versions']}")
    for name, (what, against, most) in LIMITS.items():
        one = report["spread"][name]
        table.add_row(what, against, f"{one['median']:.3f}", f"{one['low']:.3f} – {one['high']:.3f}", f"{most:g}")
    figures = Table("what", "measured", "limit")
    for name, (what, unit, limit, better) in FIGURES.items():
        if name in report["figures"]:
            figures.add_row(what, f"{report['figures'][name]:,.3g} {unit}", f"{better} {limit:,} {unit}" if limit else "–")
    others = Table("who, on the numeric model", "µs a row", "ours, as a share of it")
    for name, value in report["peers_microseconds_a_row"].items():
        others.add_row(name, f"{value:,.1f}", f"{report['ratio_to_peers'][name]:.5f}")
    beside = Table("recourse: who", *next(iter(report["recourse"].values())))
    for name, said in report["recourse"].items():
        beside.add_row(name, *(f"{value:,.3g}" for value in said.values()))
    for one in (table, figures, others, beside):
        Console(width=150).print(one)


def draw(report: dict[str, Any]) -> None:
    """Draw µs a row of all, on a logarithmic scale, into bench.png."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    others = sorted(report["peers_microseconds_a_row"].items(), key=lambda item: item[1], reverse=True)
    figure, axes = pyplot.subplots(figsize=(9, 0.5 * len(others) + 1.2), layout="constrained")
    ours = ["#2f6f4f" if name.startswith("explainer") else "#9aa3ab" for name, _ in others]
    bars = axes.barh([name for name, _ in others], [value for _, value in others], color=ours, log=True)
    axes.bar_label(bars, [f"{value:,.0f} µs" for _, value in others], padding=4)
    axes.set_xlabel("microseconds a row, one thread, logarithmic; 300 trees × 31 leaves, 20 numeric features")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.15)
    figure.savefig("bench.png", dpi=110)


if __name__ == "__main__":
    sys.exit(main())
