"""Checking: a candidate that is wrong in any way is not released."""

import numpy as np
import pytest

from explainer.attributions.kernel import Kernel
from explainer.errors import BadPack, UnknownPack
from explainer.service.releases import check_candidate, publish
from explainer.service.wiring import ACTIVATION
from explainer.training.checking import CASES, check_release
from tests.support import SHIPPED


class OffBy(Kernel):
    """A kernel that is wrong by a little in margins or in one feature's attributions."""

    margin = phi = 0.0

    def explain_many(self, x):
        margin, phi = super().explain_many(x)
        phi[:, 1] += self.phi
        return np.where(margin == margin, margin * (1 + self.margin), margin), phi


def off_by(kernel, **what):
    wrong = OffBy(kernel.book, kernel.masks, kernel.tables)
    for name, value in what.items():
        setattr(wrong, name, value)
    return wrong


@pytest.mark.parametrize("pack", SHIPPED)
class TestAReleaseOfOurs:
    def test_passes_on_five_hundred_cases(self, pack, releases):
        found = check_release(*releases[pack])
        assert (found.cases, found.agree, found.abstain, found.wrong) == (CASES, CASES, 0, ())
        assert found.largest_gap <= 1e-9

    def test_is_refused_when_a_margin_is_one_bit_off(self, pack, releases):
        release, kernel = releases[pack]
        (said,) = check_release(release, off_by(kernel, margin=2**-52)).wrong
        assert "margins are not LightGBM's to the bit" in said

    def test_is_refused_when_an_attribution_is_off(self, pack, releases):
        release, kernel = releases[pack]
        said = check_release(release, off_by(kernel, phi=1e-6)).wrong
        assert said[0] == f"attributions of {release.pack.features[1].name} differ by 1e-06 (counting)"


class TestPublishing:
    def test_nothing_is_released_that_does_not_pass(self, services, monkeypatch, releases):
        monkeypatch.setattr(services.registry, "candidate", lambda _name: releases["refund_approval"][0])
        monkeypatch.setattr(type(services), "kernel", lambda _self, release: off_by(releases["refund_approval"][1], phi=1e-6))
        before = next(services.ledger.newest_first(ACTIVATION)).id
        with pytest.raises(BadPack, match="differ by"):
            publish("refund_approval", services, by="test")
        assert next(services.ledger.newest_first(ACTIVATION)).id == before

    def test_a_pack_without_a_candidate_is_named(self, services):
        with pytest.raises(UnknownPack, match="has no candidate"):
            check_candidate("airport_claims", services)
