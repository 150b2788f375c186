"""The shape of each pack file, as marshmallow schemas: one file, one schema.

Only shapes are checked here; what the files say about each other is for `reading`.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates, validates_schema

from explainer.packs.words.phrases import is_known

NAME = validate.Regexp(r"^[a-z][a-z0-9_]*\Z", error="use lower-case letters, digits and _, starting with a letter")
WORDS = validate.Regexp(r"\S", error="say it in words")
MOST_STEPS = 100_000  # of one action: each is a value that a customer might be told


def _known_language(tag: str) -> None:
    if not is_known(tag):
        raise ValidationError("no such language: numbers and dates cannot be written in it")


KEPT = validate.Range(min=6, max=1_200)  # months: logs of automated decisions are kept for six at least
LANGUAGE = validate.And(
    validate.Regexp(r"^[a-z]{2,3}(-[A-Z]{2})?\Z", error="use a language tag such as en or en-GB"), _known_language
)


# What a pack may choose; the rest of LightGBM's parameters is the house's, or would change what a margin means.
LIGHTGBM = frozenset(
    {
        "objective",
        "num_iterations",
        "learning_rate",
        "num_leaves",
        "max_depth",
        "max_bin",
        "min_data_in_leaf",
        "min_sum_hessian_in_leaf",
        "min_data_in_bin",
        "min_gain_to_split",
        "bagging_fraction",
        "bagging_freq",
        "feature_fraction",
        "feature_fraction_bynode",
        "lambda_l1",
        "lambda_l2",
        "path_smooth",
        "cat_smooth",
        "cat_l2",
        "max_cat_threshold",
        "max_cat_to_onehot",
        "min_data_per_group",
        "use_missing",
        "zero_as_missing",
        "monotone_constraints_method",
        "monotone_penalty",
        "feature_contri",
    }
)


class Strict(Schema):
    """A mapping in which every name is known."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "no such setting", "type": "must be a mapping"}  # noqa: RUF012


class Exact(fields.Field[Any]):
    """A fact as written: number, true/false, text or null; never a list."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value is not None and not isinstance(value, bool | int | float | str):
            raise ValidationError("must be a number, true, false or text")
        return value


class OutcomeSchema(Strict):
    """One outcome of pack.yaml."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z][A-Za-z0-9_]*\Z", error="use letters, digits and _"))
    person = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class BandSchema(Strict):
    """One band of margins of pack.yaml."""

    outcome = fields.String(required=True)
    at_least = fields.Float(load_default=None)


class PackSchema(Strict):
    """pack.yaml."""

    pack = fields.String(required=True, validate=NAME)
    title = fields.String(required=True, validate=WORDS)
    owner = fields.String(required=True, validate=WORDS)
    purpose = fields.String(required=True, validate=WORDS)
    score_meaning = fields.String(required=True, validate=WORDS)
    score_shown = fields.String(required=True, validate=validate.OneOf(["percent", "points"]))
    outcomes = fields.List(fields.Nested(OutcomeSchema), required=True, validate=validate.Length(min=2))
    bands = fields.List(fields.Nested(BandSchema), required=True, validate=validate.Length(min=1))
    languages = fields.List(fields.String(validate=LANGUAGE), required=True, validate=validate.Length(min=1))
    contest_days = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=365))
    retention_months = fields.Integer(strict=True, validate=KEPT)


class ActionSchema(Strict):
    """What a customer could do about a feature."""

    direction = fields.String(load_default=None, validate=validate.OneOf(["up", "down", "free"]))
    step = fields.Float(load_default=1.0, validate=validate.Range(min=0, min_inclusive=False))
    least = fields.Float(load_default=None)
    most = fields.Float(load_default=None)
    to = fields.List(fields.String(), load_default=list)
    effort = fields.Float(load_default=1.0, validate=validate.Range(min=0, min_inclusive=False))
    when = fields.Raw(load_default=None)
    together = fields.Dict(keys=fields.String(), values=Exact(allow_none=True), load_default=dict)


class ActionField(fields.Field[Any]):
    """`immutable`, or what the customer could do."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if value == "immutable":
            return None
        if not isinstance(value, dict):
            raise ValidationError("must be `immutable` or a mapping such as {direction: up, step: 1}")
        return ActionSchema().load(value)


class FeatureSchema(Strict):
    """One feature of features.yaml."""

    type = fields.String(required=True, validate=validate.OneOf(["number", "integer", "boolean", "category"]))
    unit = fields.String(load_default=None)
    range = fields.List(fields.Float(), load_default=None, validate=validate.Length(equal=2))
    beyond = fields.String(load_default="refuse", validate=validate.OneOf(["refuse", "clip"]))
    levels = fields.List(fields.String(validate=validate.Length(min=1)), load_default=None)
    unknown = fields.String(  # type: ignore[assignment]  # a field of this name hides nothing: Meta holds the option
        load_default="refuse", validate=validate.OneOf(["refuse", "missing"])
    )
    verbatim = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    sensitive = fields.Boolean(load_default=False, truthy={True}, falsy={False})
    missing = fields.String(load_default="refuse", validate=WORDS)
    source = fields.String(required=True, validate=WORDS)
    group = fields.String(required=True, validate=NAME)
    monotone = fields.String(load_default="none", validate=validate.OneOf(["up", "down", "none"]))
    action = ActionField(required=True)

    @validates_schema(skip_on_field_errors=True)
    def _fits_its_type(self, data: dict[str, Any], **_: Any) -> None:
        wrong: dict[str, str] = {}
        numeric, category = data["type"] in {"number", "integer"}, data["type"] == "category"
        if numeric and data["range"] is None:
            wrong["range"] = "a number needs its range: [least, most]"
        elif numeric and not data["range"][0] < data["range"][1]:
            wrong["range"] = "the least must be below the most"
        elif not numeric and data["range"] is not None:
            wrong["range"] = "only a number has a range"
        if category and not data["levels"]:
            wrong["levels"] = "a category needs its levels"
        elif category and len(set(data["levels"])) < len(data["levels"]):
            wrong["levels"] = "a level is named twice"
        elif not category and data["levels"] is not None:
            wrong["levels"] = "only a category has levels"
        if category and data["monotone"] != "none":
            wrong["monotone"] = "a category has no direction"
        if not numeric and data["beyond"] == "clip":
            wrong["beyond"] = "only a number can be clipped"
        if data["unknown"] == "missing" and (not category or data["missing"] == "refuse"):
            wrong["unknown"] = "needs a category whose `missing` says what it means"
        self._action_fits(data, category, wrong)
        if wrong:
            raise ValidationError({name: [why] for name, why in wrong.items()})

    @staticmethod
    def _action_fits(data: dict[str, Any], category: bool, wrong: dict[str, str]) -> None:
        action = data["action"]
        if action is None:
            return
        if category and (action["direction"] or not action["to"] or not set(action["to"]) <= set(data["levels"] or ())):
            wrong["action"] = "a category changes `to` some of its own levels"
        elif not category and (action["to"] or not action["direction"]):
            wrong["action"] = "a number changes in a `direction`: up, down or free"
        elif data["type"] == "integer" and action["step"] % 1:
            wrong["action"] = "a whole number changes by a whole `step`"
        elif data["range"] is not None and data["range"][1] - data["range"][0] > action["step"] * MOST_STEPS:
            wrong["action"] = f"the range holds more than {MOST_STEPS:,} of this `step`"
        elif None not in (action["least"], action["most"]) and action["least"] > action["most"]:
            wrong["action"] = "`least` must not be above `most`"


class ReferenceSchema(Strict):
    """Which past cases stand for the reference population."""

    where = fields.Dict(keys=fields.String(), values=Exact(allow_none=True), load_default=dict)
    rows = fields.Integer(required=True, strict=True, validate=validate.Range(min=50, max=100_000))


class TrainingSchema(Strict):
    """training.yaml."""

    data = fields.String(
        required=True, validate=validate.Regexp(r"^[^/\\]+\.parquet\Z", error="the name of a parquet file, without folders")
    )
    target = fields.String(required=True)
    time = fields.String(required=True)
    held_out = fields.Float(required=True, validate=validate.Range(min=0.05, max=0.5))
    columns = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    seed = fields.Integer(required=True, strict=True)
    lightgbm = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    reference = fields.Nested(ReferenceSchema, required=True)
    audit_groups = fields.List(fields.String(), load_default=list)

    @validates("lightgbm")
    def _trainable(self, chosen: dict[str, Any], **_: Any) -> None:
        wrong = {name: ["not a parameter a pack may choose"] for name in sorted(set(chosen) - LIGHTGBM)}
        if chosen.get("objective") != "binary":
            wrong["objective"] = ["must be binary: the margin is a log-odds"]
        if wrong:
            raise ValidationError(wrong)


class RuleSchema(Strict):
    """One rule of policy.yaml; its `when` is read clause by clause."""

    code = fields.String(required=True, validate=NAME)
    when = fields.Raw(required=True)
    then = fields.String(load_default=None)
    at_least = fields.String(load_default=None)
    # `from` is a word of Python, hence data_key
    in_force_from = fields.Raw(required=True, data_key="from")
    in_force_to = fields.Raw(load_default=None, data_key="to")
    source = fields.String(required=True, validate=WORDS)


class ExampleSchema(Strict):
    """One case of examples/*.yaml."""

    name = fields.String(required=True, validate=WORDS)
    on = fields.Raw(required=True)
    facts = fields.Dict(keys=fields.String(), values=Exact(allow_none=True), required=True)
    outcome = fields.String(required=True)
    decisive = fields.String(required=True, validate=validate.OneOf(["rule", "score", "band"]))
    rules = fields.List(fields.String(), load_default=list)
    reasons = fields.List(fields.String(), load_default=list)


class OrganisationSchema(Strict):
    """models/organisation.yaml."""

    name = fields.String(required=True, validate=WORDS)
    address = fields.List(fields.String(validate=WORDS), required=True, validate=validate.Length(min=1))
    phone = fields.String(required=True, validate=WORDS)
    phone_hours = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    email = fields.Email(required=True)
    privacy_contact = fields.Email(required=True)
    authority = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    time_zone = fields.String(required=True)
    default_language = fields.String(required=True, validate=LANGUAGE)
