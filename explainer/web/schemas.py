"""Schemas: what comes in and goes out of the API, for checking and for its documentation."""

from __future__ import annotations

from collections.abc import Callable

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from explainer.service.access import ROLES
from explainer.service.envelope import CASE_RULE, CUSTOMER_PATTERN, CUSTOMER_RULE, LONGEST, case_mistake, customer_mistake


def _without(mistake: Callable[[str], str | None]) -> Callable[[str], None]:
    """A marshmallow validator that refuses what a check of the envelope finds mistaken."""

    def check(value: str) -> None:
        if why := mistake(value):
            raise ValidationError(why)

    return check


LENGTHS = {"minLength": 1, "maxLength": LONGEST}
# The pattern is also documented, so it means the same in Python and in JavaScript: ^…$, and no line break after it.
LOCALE = validate.Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?$(?!\n)", error="use a language tag such as en or en-GB")


class Strict(Schema):
    """A body or query in which every field is known."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "no such field", "type": "must be an object"}  # noqa: RUF012


class CaseSchema(Strict):
    """One case to decide."""

    customer = fields.String(
        required=True,
        validate=_without(customer_mistake),
        metadata={"description": f"your reference of the customer: {CUSTOMER_RULE}", "pattern": CUSTOMER_PATTERN, **LENGTHS},
    )
    case = fields.String(
        required=True,
        validate=_without(case_mistake),
        metadata={"description": f"your case number; the letter shows it: {CASE_RULE}", **LENGTHS},
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

    code = fields.String(metadata={"description": "policy rule or reason group"})
    direction = fields.String(validate=validate.OneOf(["for", "against"]))
    strength = fields.String(validate=validate.OneOf(["strong", "medium", "slight"]))
    text = fields.String()


class RuleSchema(Schema):
    """One policy rule that fired."""

    code = fields.String()
    outcome = fields.String()


class AttributionsSchema(Schema):
    """How far each feature moved the margin from the baseline; log-odds."""

    baseline = fields.Float()
    values = fields.Dict(keys=fields.String(), values=fields.Float())
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


class DecisionSchema(Schema):
    """One decision, explained."""

    id = fields.String()
    pack = fields.String()
    release = fields.String(metadata={"description": "digest of the release that decided"})
    decided_at = fields.DateTime()
    outcome = fields.String()
    score = fields.Float(allow_none=True, metadata={"description": "0 to 1; null when the model was not called"})
    margin = fields.Float(allow_none=True, metadata={"description": "log-odds; what the thresholds are compared with"})
    decisive = fields.String(validate=validate.OneOf(["permission", "rule", "score", "band", "safeguard"]))
    rules = fields.List(fields.Nested(RuleSchema))
    attributions = fields.Nested(AttributionsSchema, allow_none=True, metadata={"description": "integrator and auditor only"})
    reasons = fields.Nested(ReasonsSchema)
    safeguard = fields.String(metadata={"description": "the check of ours that refused, when one did"})
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
    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=200))


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
    format = fields.String(load_default="html", validate=validate.OneOf(["html", "text"]))


class PreferencesSchema(Strict):
    """May software decide this customer's cases?"""

    automation = fields.String(required=True, validate=validate.OneOf(["allowed", "opted_out"]))


class PreferencesShownSchema(PreferencesSchema):
    """The same, with since when."""

    since = fields.String(allow_none=True)


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


SECURITY = {"ApiKey": {"type": "http", "scheme": "bearer", "description": f"An API key; roles: {', '.join(ROLES)}"}}
