"""Customers over HTTP: what they want software to do, what is held about them, and their erasure."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from explainer.envelope import check_references
from explainer.record import Permission
from explainer.service.inspect import API
from explainer.service.oversee import permission_of, set_preference
from explainer.service.privacy.erasing import erase
from explainer.service.privacy.telling import export
from explainer.web.auth import caller, reader, roles, services
from explainer.web.body import StrictParser
from explainer.web.schemas import ErasedSchema, HeldSchema, NothingAskedSchema, PreferencesSchema, PreferencesShownSchema

blueprint = Blueprint("customers", __name__, url_prefix="/v1/customers", description="What customers want")
blueprint.ARGUMENTS_PARSER = StrictParser()


@blueprint.route("/<customer>/preferences")
@blueprint.response(200, PreferencesShownSchema)
@roles("integrator", "agent", "supervisor", "auditor", "privacy_officer")
def get_preferences(customer: str) -> dict[str, Any]:
    """Whether software may decide this customer's cases."""
    check_references(customer=customer)
    return _shown(permission_of(customer, services()))


@blueprint.route("/<customer>/preferences", methods=["PUT"])
@blueprint.arguments(PreferencesSchema)
@blueprint.response(200, PreferencesShownSchema)
@roles("integrator", "agent", "supervisor", "privacy_officer")
def put_preferences(wanted: dict[str, Any], customer: str) -> dict[str, Any]:
    """Remember whether software may decide; it holds from the next case on."""
    return _shown(set_preference(customer, wanted["automation"], caller().name, services()))


@blueprint.route("/<customer>/data")
@blueprint.arguments(NothingAskedSchema, location="query")
@blueprint.response(200, HeldSchema)
@roles("privacy_officer")
def get_data(query: dict[str, Any], customer: str) -> Response:
    """Everything held about a customer: every entry about them, and the letter each decision led to."""
    del query  # nothing can be chosen: as text, `explainer customers export` gives it
    return Response(export(customer, "json", reader(API, caller().name), services()), mimetype="application/json")


@blueprint.route("/<customer>", methods=["DELETE"])
@blueprint.response(200, ErasedSchema)
@roles("privacy_officer")
def delete_customer(customer: str) -> dict[str, Any]:
    """Erase a customer for good: nothing about them can be read any more, and every proof still holds."""
    done = erase(customer, caller().name, services())
    return {"erasure": done.erasure.entry, "entries": done.erasure.entries, "opted_out": done.opted_out}


def _shown(permission: Permission) -> dict[str, Any]:
    return {"automation": permission.automation, "since": permission.since}
