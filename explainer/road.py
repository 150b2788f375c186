"""The road: facts to an explained decision, the same for deciding, checking examples and replay.

Pure: what a case needs is passed in, and the same facts, release and day give the
same bytes.  When one of our own checks refuses, the case goes to a person and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from explainer.attributions.attribution import Attribution
from explainer.attributions.kernel import Kernel
from explainer.decisions.deciding import PERMISSION, SAFEGUARD, Decision, decide_case
from explainer.decisions.features import FeatureRow, read_facts
from explainer.decisions.policy import apply_policy
from explainer.errors import Contradiction
from explainer.explanations.reasons import Reason, agent_reasons, customer_reasons
from explainer.explanations.wording import AGENT, CUSTOMER, Sentence, word
from explainer.packs.release import Release


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """A decision with everything that explains it."""

    row: FeatureRow
    decision: Decision
    attribution: Attribution | None = None  # None: the model was not called, or a check refused
    reasons: Mapping[str, tuple[Reason, ...]] | None = None  # reader → reasons
    texts: Mapping[str, Mapping[str, tuple[Sentence, ...]]] | None = None  # language → reader → sentences
    safeguard: str | None = None  # code of the check that refused


def travel(facts: Mapping[str, Any], release: Release, kernel: Kernel, on: date) -> Explained:
    """Decide and explain one case.

    Args:
        facts: feature name → value, as the caller said them.
        on: the day of the decision in the organisation's time zone.

    Raises:
        BadFacts: with every mistake.
    """
    row = read_facts(facts, release.pack)
    margin, phi = kernel.explain(row.x)
    decision = decide_case(apply_policy(row.facts, release.pack, on), margin, release.pack)
    try:
        attribution = Attribution(tuple(release.pack.feature), phi, kernel.baseline, margin, kernel.method)
        return _explain(row, decision, attribution, release)
    except Contradiction as refusal:
        referred = replace(decision, outcome=release.pack.person, decisive=SAFEGUARD, rule=None)
        return Explained(row, referred, safeguard=refusal.code)


def without_model(facts: Mapping[str, Any], release: Release) -> Explained:
    """Hand a case to people because the customer does not want software to decide; no model is called."""
    row = read_facts(facts, release.pack)
    return Explained(row, Decision(release.pack.person, PERMISSION))


def _explain(row: FeatureRow, decision: Decision, attribution: Attribution, release: Release) -> Explained:
    pack = release.pack
    for_agent = agent_reasons(decision, attribution, pack)
    reasons = {AGENT: for_agent, CUSTOMER: customer_reasons(decision, for_agent, pack)}
    texts = {
        phrases.locale: {
            reader: word(found, reader, row.facts, pack=pack, phrases=phrases, adjusted=row.adjusted)
            for reader, found in reasons.items()
        }
        for phrases in release.vocabulary.every
    }
    return Explained(row, decision, attribution, reasons, texts)
