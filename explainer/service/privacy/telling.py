"""Telling: everything that is held about one customer, as data and in words, and remembered before it is given.

What is told is read from the entries that the customer's keys open, whatever their kind:
nothing that is kept can be left out, and nothing about somebody else can come in.
"""

from __future__ import annotations

import json
import math
from typing import Any

from explainer.envelope import check_references
from explainer.errors import Damaged, ReleaseMissing, UnknownLanguage, UnknownPack
from explainer.ledger.canonical import decode, digest
from explainer.ledger.canonical import encode as canonical
from explainer.ledger.erasure import HOLD
from explainer.ledger.store import Draft, Opened, Terms
from explainer.packs.words.phrases import Phrases
from explainer.record import lively
from explainer.service.decide import DECISION, REFERRAL
from explainer.service.doors.revoking import REVOCATION
from explainer.service.inspect import ACCESS, LETTER, VIEW, Recipient, Wanted, compose, find
from explainer.service.oversee import CONSENT, permission_of
from explainer.service.privacy.holding import hold_on
from explainer.service.wiring import Services

FORMS = ("json", "text")
KINDS = (DECISION, VIEW, CONSENT, REFERRAL, HOLD, ACCESS, REVOCATION)  # what there are words for
WIDTH = 76


def export(customer: str, form: str, to: Recipient | None, services: Services) -> bytes:
    """Everything held about a customer, once it is remembered who gets it; for somebody unknown or erased, that it is nothing.

    Args:
        form: of FORMS.
        to: None: nobody reads it, and nothing is remembered.

    Raises:
        BadCase: the customer's reference cannot be used.
    """
    check_references(customer=customer)
    held = everything(customer, services)
    sent = _as_text(held, _words(held, services)) if form == "text" else json.dumps(held, indent=1, ensure_ascii=False)
    if held["entries"] and to:  # nobody gets a key for having been asked about
        said = {"v": 1, "customer": customer, "form": form, "sha256": digest(sent.encode()), "channel": to.channel, "by": to.by}
        draft = Draft(services.new_id(), ACCESS, services.clock(), customer, canonical(said), Terms(customer=customer))
        services.ledger.append(draft)
    return sent.encode()


def everything(customer: str, services: Services) -> dict[str, Any]:
    """What is in force for a customer, and every entry about them, oldest first, with the letter each decision led to."""
    permission, hold = permission_of(customer, services), hold_on(customer, services)
    keys = services.vault.key_ids([customer])[customer]
    return {
        "v": 1,
        "customer": customer,
        "made_at": services.clock().isoformat(timespec="seconds"),
        "automation": {"automation": permission.automation, "since": permission.since},
        "hold": hold and {"since": hold.since, "reason": hold.reason, "by": hold.by},
        "entries": [_entry(one, services) for one in services.ledger.sealed_by(keys) if one.body is not None],
    }


def _entry(entry: Opened, services: Services) -> dict[str, Any]:
    told = {"id": entry.id, "kind": entry.kind, "at": entry.leaf["at"], "said": _sayable(lively(decode(entry.body or b"")))}
    return told | {"letter": _letter(entry.id, services)} if entry.kind == DECISION else told


def _letter(decision_id: str, services: Services) -> str | None:
    """The letter about a decision, in its case's own language; None: what it was written with is not on this machine."""
    try:
        found = find(decision_id, services)
        return compose(found, Wanted("text", found.record.locale), services).decode()
    except (ReleaseMissing, Damaged):
        return None


def _sayable(value: Any) -> Any:
    """A value as JSON can say it: a number that is missing is null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _sayable(one) for name, one in value.items()}
    return [_sayable(one) for one in value] if isinstance(value, list) else value


# In words ---------------------------------------------------------------------------------------


def _words(held: dict[str, Any], services: Services) -> Phrases:
    """The shared words, in the language of the customer's last case, or else in the organisation's.

    Raises:
        UnknownPack: no release is active, so there are no words at all.
    """
    for name in services.packs():
        release = services.serving(name).release
        locales = [one["said"]["locale"] for one in held["entries"] if one["kind"] == DECISION]
        for locale in [*reversed(locales), release.organisation.default_language]:
            try:
                return release.vocabulary.speak(locale)
            except UnknownLanguage:
                continue
    raise UnknownPack("no release is active, so there are no words; ask for JSON")


def _as_text(held: dict[str, Any], words: Phrases) -> str:
    """For the customer to read: each entry under a sentence that says what it is."""
    title = words.say("data-title")
    said = [f"{title}\n{'=' * len(title)}"]
    said += map(words.say, ("data-about", "data-notes") if held["entries"] else ("data-nothing",))
    for entry in held["entries"]:
        heading = words.say(_key(entry) if words.knows(_key(entry)) else "data-other")  # a release made before has not all words
        said.append(f"{'-' * WIDTH}\n{entry['at'][:10]}  {heading}")
        said.append(entry.get("letter") or "\n".join(_lines("", entry["said"])))
    return "\n\n".join(said) + "\n"


def _key(entry: dict[str, Any]) -> str:
    """What kind of entry it is; somebody who looked at a case is not told as a letter that left."""
    kind, seen = entry["kind"], entry["said"].get("view", LETTER)
    return "data-other" if kind not in KINDS else f"data-{kind}" if seen == LETTER else f"data-seen-{seen}"


def _lines(path: str, value: Any) -> list[str]:
    """Each single thing that is said, on a line of its own."""
    if isinstance(value, dict):
        return [line for name, one in value.items() for line in _lines(f"{path}.{name}".lstrip("."), one)]
    if isinstance(value, list):
        return [line for index, one in enumerate(value, 1) for line in _lines(f"{path}.{index}", one)]
    return [] if value is None or path == "v" else [f"{path}: {value}"]
