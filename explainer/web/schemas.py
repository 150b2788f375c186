"""Schemas: what comes in and goes out of the API, for checking and for its documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from explainer.envelope import CASE_RULE, CUSTOMER_PATTERN, CUSTOMER_RULE, LONGEST, case_mistake, customer_mistake
from explainer.service.access import ROLES

LOCALE = validate.Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?$(?!\n)", error="must be a language tag such as en or en-GB")

# What a value of the wrong kind is told; the library's own sentences are not ours.
KINDS: dict[type[fields.Field[Any]], str] = {
    fields.String: "must be text",
    fields.Integer: "must be a whole number",
    fields.Dict: "must be an object",
    fields.AwareDateTime: "must be a time with its zone, such as 2026-05-04T10:30:00Z",
}

# A case that the shipped refund pack takes, for the documentation to be tried out.
EXAMPLE_CASE = {
    "customer": "C-1001",
    "case": "R-4711",
    "locale": "en",
    "facts": {
        "amount": 89.90, "reason": "changed_mind", "item_condition": "opened", "return_status": "not_sent",
        "product_category": "clothing", "final_sale": False, "days_since_delivery": 40, "delivery_delay_days": 0,
        "tracking_status": "delivered", "channel": "web", "photos": 1, "orders_12_months": 4, "refunds_12_months": 0,
        "tenure_months": 30, "payment_method": "card", "contact_weekday": "monday", "gift": False,
    },
}  # fmt: skip
EXAMPLE_PACK = "refund_approval"
LENGTHS = {"minLength": 1, "maxLength": LONGEST}


def _without(mistake: Callable[[str], str | None]) -> Callable[[str], None]:
    """A marshmallow validator that refuses what a check of the envelope finds mistaken."""

    def check(value: str) -> None:
        if why := mistake(value):
            raise ValidationError(why)

    return check


class Strict(Schema):
    """A body or query in which every field is known."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "no such field", "type": "must be an object"}  # noqa: RUF012

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let every field speak as the rest of the house does: lower case, and what to mend."""
        del field_name
        wrong = next(said for kind, said in KINDS.items() if isinstance(field_obj, kind))
        kinds = dict.fromkeys(("invalid", "invalid_utf8", "invalid_awareness", "too_large", "format", "null"), wrong)
        field_obj.error_messages = {**field_obj.error_messages, **kinds, "required": "is required"}


def one_of(*allowed: str) -> validate.OneOf:
    """One of a few words, and which they are."""
    return validate.OneOf(allowed, error=f"must be one of: {', '.join(allowed)}")


class CaseSchema(Strict):
    """One case to decide."""

    customer = fields.String(
        required=True,
        validate=_without(customer_mistake),
        metadata={"description": f"your reference of the customer; it {CUSTOMER_RULE}", "pattern": CUSTOMER_PATTERN, **LENGTHS},
    )
    case = fields.String(
        required=True,
        validate=_without(case_mistake),
        metadata={"description": f"your case number; the letter shows it, and it {CASE_RULE}", **LENGTHS},
    )
    locale = fields.String(
        load_default="en", validate=LOCALE, metadata={"description": "language of the reply, such as es or en-GB"}
    )
    facts = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "the facts the pack asks for; their JSON Schema is at /v1/packs/{pack}"},
    )


class ReasonSchema(Schema):
    """One reason in words."""

    code = fields.String(metadata={"description": "policy rule, reason group, or recourse- and the features that change"})
    direction = fields.String(validate=one_of("for", "against"))
    strength = fields.String(validate=one_of("strong", "medium", "slight"))
    text = fields.String()


class RuleSchema(Schema):
    """One policy rule that fired."""

    code = fields.String()
    outcome = fields.String()


class AttributionsSchema(Schema):
    """How far each feature moved the margin from the baseline; log-odds."""

    baseline = fields.Float()
    values = fields.Dict(
        keys=fields.String(), values=fields.Float(), metadata={"example": {"refunds_12_months": -1.674, "reason": -1.507}}
    )
    method = fields.String()


class ReasonsSchema(Schema):
    """The reasons for each reader."""

    agent = fields.List(fields.Nested(ReasonSchema))
    customer = fields.List(fields.Nested(ReasonSchema))


class LinksSchema(Schema):
    """Addresses of the decision's views; panel and letter open in a browser for a while."""

    self = fields.String()
    panel = fields.String()
    letter = fields.String()


class ReceiptSchema(Schema):
    """What a client holds until the decision is sealed, and can hold against us if it never is."""

    leaf_hash = fields.String(metadata={"description": "SHA256(0x00 ‖ leaf), 64 hexadecimal digits: what the proof starts from"})
    seal_by = fields.DateTime()
    note = fields.String(metadata={"description": "id, leaf hash and time as a signed note, by the key of the checkpoints"})


class DecisionSchema(Schema):
    """One decision, explained."""

    id = fields.String()
    pack = fields.String()
    release = fields.String(metadata={"description": "digest of the release that decided"})
    decided_at = fields.DateTime()
    outcome = fields.String()
    score = fields.Float(allow_none=True, metadata={"description": "0 to 1; null when the model was not called"})
    margin = fields.Float(allow_none=True, metadata={"description": "log-odds; what the thresholds are compared with"})
    decisive = fields.String(validate=one_of("permission", "rule", "score", "band", "safeguard"))
    rules = fields.List(fields.Nested(RuleSchema))
    attributions = fields.Nested(AttributionsSchema, allow_none=True, metadata={"description": "integrator and auditor only"})
    reasons = fields.Nested(ReasonsSchema)
    recourse = fields.List(
        fields.Nested(ReasonSchema),
        metadata={
            "description": "what would have changed the outcome, at most three lines, or one that says why nothing would;"
            " empty when nothing better was possible or a person decides"
        },
    )
    safeguard = fields.String(metadata={"description": "the check of ours that refused, when one did"})
    receipt = fields.Nested(ReceiptSchema)
    links = fields.Nested(LinksSchema)


class SearchSchema(Strict):
    """What to search decisions by."""

    pack = fields.String()
    outcome = fields.String()
    rule = fields.String(metadata={"description": "a policy rule that fired"})
    release = fields.String()
    customer = fields.String(metadata={"description": "your reference; only its keyed digest is stored"})
    case = fields.String(metadata={"description": "your case number; only its keyed digest is stored"})
    since = fields.AwareDateTime(format="iso", metadata={"description": "not earlier than this"})
    until = fields.AwareDateTime(format="iso", metadata={"description": "earlier than this"})
    cursor = fields.String(metadata={"description": "`next` of the page before"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200, error="must be between 1 and 200"))


class FoundSchema(Schema):
    """One line of a search."""

    id = fields.String()
    decided_at = fields.DateTime()
    pack = fields.String()
    outcome = fields.String()
    decisive = fields.String()
    release = fields.String()
    links = fields.Nested(LinksSchema)


class PageSchema(Schema):
    """A page of a search."""

    decisions = fields.List(fields.Nested(FoundSchema))
    next = fields.String(allow_none=True, metadata={"description": "cursor of the next page; null: this was the last"})


class LetterSchema(Strict):
    """How to write a letter."""

    lang = fields.String(validate=LOCALE, metadata={"description": "a language of the pack; default: the case's own"})
    format = fields.String(
        validate=one_of("html", "text", "pdf"), metadata={"description": "default: what the Accept header prefers, else html"}
    )


class PanelTokenSchema(Strict):
    """Which desktop will show the panel."""

    origin = fields.String(
        required=True,
        metadata={
            "description": "of the page that embeds the panel; one of EXPLAINER_PANEL_ORIGINS",
            "example": "https://desktop.example",
        },
    )


class PanelTokenShownSchema(Schema):
    """A token that opens one panel once."""

    token = fields.String(metadata={"description": "for the page's <why-panel>; seen only here"})
    expires_at = fields.DateTime()


class RevocationSchema(Strict):
    """Which links to take back."""

    view = fields.String(required=True, validate=one_of("panel", "letter", "all"), metadata={"example": "letter"})


class RevokedSchema(Schema):
    """Which links open nothing any more."""

    id = fields.String()
    views = fields.List(fields.String())


class BulkSchema(Strict):
    """How to answer many cases."""

    lang = fields.String(
        load_default="en", validate=LOCALE, metadata={"description": "language of the sentences, and of cases that name none"}
    )


class PreferencesSchema(Strict):
    """May software decide this customer's cases?"""

    automation = fields.String(required=True, validate=one_of("allowed", "opted_out"), metadata={"example": "opted_out"})


class PreferencesShownSchema(PreferencesSchema):
    """The same, with since when."""

    since = fields.String(allow_none=True)


class ErasedSchema(Schema):
    """What an erasure did; it names nobody."""

    erasure = fields.String(allow_none=True, metadata={"description": "id of the entry that says so; null: nothing was held"})
    entries = fields.Integer(metadata={"description": "how many entries cannot be opened any more"})
    opted_out = fields.Boolean(metadata={"description": "they had opted out, and that is forgotten too"})


class NothingAskedSchema(Strict):
    """A query in which nothing can be asked for."""


class HeldEntrySchema(Schema):
    """One entry about a customer."""

    id = fields.String()
    kind = fields.String(metadata={"description": "decision, view, consent …"})
    at = fields.String()
    said = fields.Dict(metadata={"description": "everything the entry holds"})
    letter = fields.String(allow_none=True, metadata={"description": "of a decision: its letter, as plain text"})


class HeldSchema(Schema):
    """Everything held about one customer."""

    v = fields.Integer()
    customer = fields.String()
    made_at = fields.String()
    automation = fields.Nested(PreferencesShownSchema())
    hold = fields.Dict(allow_none=True, metadata={"description": "the legal hold in force"})
    entries = fields.List(fields.Nested(HeldEntrySchema()))


class PackLineSchema(Schema):
    """One pack in the list."""

    pack = fields.String()
    title = fields.String()
    purpose = fields.String()
    release = fields.String()
    links = fields.Dict(keys=fields.String(), values=fields.String())


class PackShownSchema(PackLineSchema):
    """One pack: what it asks for and how it decides."""

    languages = fields.List(fields.String())
    outcomes = fields.List(fields.Dict())
    bands = fields.List(fields.Dict())
    rules = fields.List(fields.Dict())
    features = fields.Dict(metadata={"description": "JSON Schema of the facts"})
    metrics = fields.Dict()


HASH = {"description": "SHA-256, 64 hexadecimal digits"}
HASHES = {"description": "SHA-256 hashes in the order of RFC 9162, 64 hexadecimal digits each"}


class CheckpointSchema(Schema):
    """The sealed tree at one moment, signed."""

    origin = fields.String(metadata={"description": "which log, and in which epoch"})
    size = fields.Integer(metadata={"description": "entries in the tree"})
    root = fields.String(metadata=HASH)
    short = fields.String(metadata={"description": "size and first 16 digits of the root, as on letters"})
    note = fields.String(metadata={"description": "the signed note (c2sp.org/tlog-checkpoint), cosigned by witnesses"})
    key = fields.String(metadata={"description": "the key that signs it, to be pinned (c2sp.org/signed-note)"})
    handovers = fields.List(
        fields.String(),
        metadata={"description": "where the key was changed: the checkpoints in which a key names the next"},
    )


class ConsistencyAskedSchema(Strict):
    """Two sizes of the tree."""

    start = fields.Integer(required=True, data_key="from", metadata={"description": "size of the tree that you remember"})
    stop = fields.Integer(data_key="to", metadata={"description": "a later size; default: the newest checkpoint's"})


class ConsistencySchema(Schema):
    """How one tree goes on from another."""

    start = fields.Integer(data_key="from")
    stop = fields.Integer(data_key="to")
    root = fields.String(metadata={"description": "of the later tree, 64 hexadecimal digits"})
    proof = fields.List(fields.String(), metadata=HASHES)


class ProofSchema(Schema):
    """Where an entry stands."""

    id = fields.String()
    leaf = fields.String(
        metadata={"description": "the bytes that are hashed, SHA256(0x00 ‖ leaf); nothing in them is about a person"}
    )
    number = fields.Integer(metadata={"description": "place in the tree, from 0"})
    proof = fields.List(fields.String(), metadata=HASHES)
    checkpoint = fields.Nested(CheckpointSchema)


class ReplayFindingSchema(Schema):
    """One comparison of a replay."""

    level = fields.String(metadata={"enum": ["E0", "E1", "E2", "E3"], "description": "stored bytes, numbers, attributions, words"})
    part = fields.String(metadata={"example": "margin"})
    end = fields.String(metadata={"enum": ["same", "differs", "abstained", "erased"]})
    by = fields.String(metadata={"enum": ["ledger", "kernel", "reader", "counting"], "description": "who compared"})
    why = fields.String(metadata={"description": "empty when the same"})


class ReplaySchema(Schema):
    """How a replay ended; it is remembered as an entry of its own."""

    id = fields.String()
    same = fields.Boolean(metadata={"description": "whether nothing differs"})
    findings = fields.List(fields.Nested(ReplayFindingSchema))


_KEY = f"An API key, or the token of a person; roles: {', '.join(ROLES)}"
SECURITY = {"ApiKey": {"type": "http", "scheme": "bearer", "description": _KEY}}
