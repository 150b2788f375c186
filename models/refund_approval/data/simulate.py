"""Sixty thousand refund requests of a shop that does not exist, with a truth that is known.

The causal story.  A request comes in because of one main cause: what is wrong with the
item, how the delivery went, the customer's history, the proof sent along, the amount, the
kind of product, or the return.  The main cause puts its own group of facts into a telling
state; every other group stays ordinary, save for a small chance (`SIDE_CAUSE`).  Reviewers
worked from a desk guide with fixed limits (`planted`), so each telling state moved the
log-odds of an approval by a fixed step, and the steps of different groups add up, but for
one: no photo at all counted for more when the amount was 120 euros or above.

Payment, the day of contact and gifts had no effect and depend on nothing that has one.
Past reviewers were harsher on customers who wrote in another language (`UNFAIR`), for the
same facts; such customers use the chat more often, so `channel` is a proxy for it.

The same seed gives the same bytes.  Run me to rewrite `cases.parquet`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 60_000
SEED = 20260301
FIRST_DAY, DAYS = np.datetime64("2024-03-01"), 730  # 2024-03-01 to 2026-02-28
NULL_GROUPS: tuple[str, ...] = ("payment", "contact_day", "gift")

MAIN_CAUSE = {  # share of the requests
    "problem": 0.26, "delivery": 0.24, "history": 0.14, "proof": 0.13, "amount": 0.11, "product": 0.06, "return": 0.06,
}  # fmt: skip
SIDE_CAUSE = 0.05  # chance that a group which is not the main cause is in a telling state too
INTERCEPT = 0.15  # log-odds of an ordinary request
HARSHER_BY_THE_END = -0.15  # log-odds, grows evenly over the two years: mild drift
UNFAIR = -0.80  # log-odds, for the language group `other`, for the same facts

REASON = {  # log-odds by what the customer says is wrong
    "damaged": 1.9, "defective": 1.9, "wrong_item": 2.0, "parts_missing": 1.8, "changed_mind": -1.9, "found_cheaper": -2.1,
    "wrong_size": 0.1, "not_as_described": 0.15, "ordered_by_mistake": -0.1, "arrived_late": 0.0, "not_delivered": 0.0,
}  # fmt: skip
CONDITION = {"unopened": 0.1, "opened": 0.0, "used": -2.0, "damaged": 0.2, "faulty": 0.2, "incomplete": 0.1}
CATEGORY = {
    "clothing": 0.1, "shoes": 0.1, "electronics": 0.0, "phones": 0.0, "computers": 0.0, "home_appliances": 0.1,
    "furniture": 0.0, "kitchenware": 0.0, "toys": 0.1, "books": 0.1, "beauty": -1.6, "jewellery": -0.1, "sports": 0.0,
    "garden": 0.0, "food": -1.6, "custom_made": -1.7,
}  # fmt: skip
TRACKING = {"lost": 2.5, "returned_to_sender": 2.5, "in_transit": 2.3}  # delivered, by whichever way: 0
RETURN = {"not_sent": 0.0, "label_printed": 0.0, "on_the_way": 0.2, "received": 1.4, "received_incomplete": -1.5}


def simulate(rows: int, seed: int) -> pd.DataFrame:
    """Make past requests with their decisions, oldest first.

    Args:
        rows: how many requests.
        seed: the same seed gives the same requests.

    Returns:
        The features, `requested_on`, `approved` (1/0) and the audit groups
        `age_band`, `language_group` and `region`, which are never features.

    >>> simulate(5, 1).equals(simulate(5, 1))
    True
    """
    rng = np.random.default_rng(seed)
    people, telling = _people(rng, rows), _telling(rng, rows)
    delivery = _delivery(rng, telling["delivery"])
    parts = [
        _amount(rng, telling["amount"]), _problem(rng, telling["problem"], delivery), _return(rng, telling["return"], delivery),
        _product(rng, telling["product"]), delivery, _proof(rng, telling["proof"], people), _history(rng, telling["history"]),
        _nulls(rng, people), people,
    ]  # fmt: skip
    frame = pd.concat(parts, axis=1)
    frame["approved"] = (rng.random(rows) < _chance(frame)).astype("int8")
    return frame


def planted(frame: pd.DataFrame) -> pd.DataFrame:
    """Say what each reason group truly added to the log-odds, case by case.

    Args:
        frame: the features, as `simulate` gives them.

    Returns:
        One column per reason group and `amount*proof`; log-odds, without intercept, drift and unfairness.
    """
    days, delay, amount = frame["days_since_delivery"], frame["delivery_delay_days"], frame["amount"]
    shop, photos = frame["channel"] == "shop", frame["photos"]
    groups = {
        "amount": 1.6 * (amount < 20) - 0.3 * (amount >= 200) - 1.6 * (amount >= 400),
        "problem": _look_up(frame["reason"], REASON) + _look_up(frame["item_condition"], CONDITION),
        "return": _look_up(frame["return_status"], RETURN),
        "product": _look_up(frame["product_category"], CATEGORY) - 1.7 * frame["final_sale"].astype(float),
        "delivery": 2.3 * (days <= 14) + 0.3 * (days <= 30) - 2.4 * (days > 180) + 2.4 * (delay >= 8)
        + _look_up(frame["tracking_status"], TRACKING),
        "proof": 1.5 * shop + 0.2 * (photos >= 2) + 1.3 * (photos >= 3) - 1.6 * (photos == 0),
        "history": 2.3 * (frame["orders_12_months"] >= 16) - 0.4 * (frame["refunds_12_months"] >= 2)
        - 2.4 * (frame["refunds_12_months"] >= 5) + 0.1 * (frame["tenure_months"] >= 24),
        **dict.fromkeys(NULL_GROUPS, 0.0 * amount),
        "amount*proof": pd.Series(interaction(frame, frame), index=frame.index),
    }  # fmt: skip
    return pd.DataFrame(groups).astype(float)


def interaction(frame_a: pd.DataFrame, frame_b: pd.DataFrame) -> np.ndarray:
    """Say what amount (of `frame_a`) and proof (of `frame_b`) added together, in log-odds."""
    return np.asarray(-0.4 * ((frame_a["amount"].to_numpy() >= 120) & (frame_b["photos"].to_numpy() == 0)))


def _chance(frame: pd.DataFrame) -> np.ndarray:
    """Say how likely a past reviewer approved each request, harshness and all."""
    elapsed = (frame["requested_on"].to_numpy() - FIRST_DAY) / np.timedelta64(DAYS, "D")
    log_odds = INTERCEPT + planted(frame).sum(axis=1).to_numpy() + HARSHER_BY_THE_END * elapsed
    log_odds += UNFAIR * (frame["language_group"] == "other").to_numpy()
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _telling(rng: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """Draw for each group which requests it is in a telling state for."""
    main = rng.choice(len(MAIN_CAUSE), size=rows, p=list(MAIN_CAUSE.values()))
    return {name: (main == index) | (rng.random(rows) < SIDE_CAUSE) for index, name in enumerate(MAIN_CAUSE)}


def _people(rng: np.random.Generator, rows: int) -> pd.DataFrame:
    """Draw the days of the requests, in order, and who asked; none of it is a feature."""
    day = np.sort(np.floor(DAYS * rng.random(rows) ** 0.95).astype(int))  # slightly more requests as time goes on
    return pd.DataFrame({
        "requested_on": FIRST_DAY + day,
        "age_band": _draw(rng, rows, {"18-29": 0.22, "30-44": 0.31, "45-59": 0.26, "60-74": 0.16, "75+": 0.05}),
        "language_group": _draw(rng, rows, {"spanish": 0.76, "english": 0.12, "other": 0.12}),
        "region": _draw(rng, rows, {"north": 0.22, "centre": 0.27, "east": 0.24, "south": 0.21, "islands": 0.06}),
    })  # fmt: skip


def _amount(rng: np.random.Generator, telling: np.ndarray) -> pd.DataFrame:
    """Draw the amount in euros: ordinary 22 to 380, telling under 20 or from 400."""
    rows = len(telling)
    ordinary = np.clip(np.exp(rng.normal(4.5, 0.7, rows)), 22, 380)
    small, large = rng.uniform(4, 20, rows), np.clip(400 * rng.pareto(1.6, rows) + 400, 400, 2500)
    amount = np.where(telling, np.where(rng.random(rows) < 0.45, small, large), ordinary)
    return pd.DataFrame({"amount": np.floor(amount * 20) / 20})  # prices end in 0 or 5 cents


def _delivery(rng: np.random.Generator, telling: np.ndarray) -> pd.DataFrame:
    """Draw the delivery: within 14 days, long ago, late or never; ordinary is 15 to 120 days ago."""
    rows = len(telling)
    state = np.where(telling, _draw(rng, rows, {"fresh": 0.62, "old": 0.14, "late": 0.08, "never": 0.16}), "ordinary")
    days = 15 + np.floor(105 * rng.random(rows) ** 1.8)
    days = np.where(state == "fresh", rng.integers(0, 15, rows), days)
    days = np.where(state == "old", 185 + np.floor(540 * rng.random(rows) ** 1.5), days)
    delay = np.where(rng.random(rows) < 0.7, 0.0, rng.integers(1, 6, rows))
    delay = np.where(state == "late", rng.integers(9, 31, rows), delay)
    tracking = _draw(rng, rows, {"delivered": 0.70, "neighbour": 0.10, "locker": 0.14, "untracked": 0.06})
    never = _draw(rng, rows, {"lost": 0.45, "returned_to_sender": 0.25, "in_transit": 0.30})
    tracking = np.where(state == "never", never, tracking)
    return pd.DataFrame({
        "days_since_delivery": np.where(state == "never", np.nan, days),
        "delivery_delay_days": np.where(rng.random(rows) < 0.08, np.nan, delay),  # no day was promised
        "tracking_status": pd.Series(tracking).mask(tracking == "untracked"),
    })  # fmt: skip


def _problem(rng: np.random.Generator, telling: np.ndarray, delivery: pd.DataFrame) -> pd.DataFrame:
    """Draw what is wrong and the state of the item, which belong together."""
    rows, never = len(telling), delivery["days_since_delivery"].isna().to_numpy()
    fault = {"damaged": 0.20, "defective": 0.22, "wrong_item": 0.10, "parts_missing": 0.08, "changed_mind": 0.20}
    reason = _draw(rng, rows, {"wrong_size": 0.34, "not_as_described": 0.28, "ordered_by_mistake": 0.16, "arrived_late": 0.14,
                               "not_delivered": 0.08})  # fmt: skip
    told = _draw(rng, rows, {**fault, "found_cheaper": 0.10, "used": 0.10})
    reason = np.where(telling & (told != "used"), told, reason)
    reason = np.where(never & ~telling, _draw(rng, rows, {"not_delivered": 0.85, "ordered_by_mistake": 0.15}), reason)
    state = _draw(rng, rows, {"unopened": 0.52, "opened": 0.40, "undescribed": 0.08})
    follows = rng.random(rows) < 0.85
    for why, then in {"damaged": "damaged", "defective": "faulty", "parts_missing": "incomplete"}.items():
        state = np.where((reason == why) & follows, then, state)
    state = np.where(telling & (told == "used"), "used", state)
    state = np.where(never | ((reason == "not_delivered") & follows), "undescribed", state)
    return pd.DataFrame({"reason": reason, "item_condition": pd.Series(state).mask(state == "undescribed")})


def _return(rng: np.random.Generator, telling: np.ndarray, delivery: pd.DataFrame) -> pd.DataFrame:
    """Draw how far the return has come; nothing can be sent back that never arrived."""
    rows, never = len(telling), delivery["days_since_delivery"].isna().to_numpy()
    ordinary = _draw(rng, rows, {"not_sent": 0.64, "label_printed": 0.22, "on_the_way": 0.14})
    state = np.where(telling, _draw(rng, rows, {"received": 0.62, "received_incomplete": 0.38}), ordinary)
    return pd.DataFrame({"return_status": np.where(never, "not_sent", state)})


def _product(rng: np.random.Generator, telling: np.ndarray) -> pd.DataFrame:
    """Draw the kind of product and whether it was a final sale."""
    rows, weights = len(telling), np.array([16, 11, 10, 7, 5, 6, 6, 8, 8, 7, 3, 7, 6], dtype=float)
    ordinary = [name for name, step in CATEGORY.items() if step > -1]
    special = _draw(rng, rows, {"final_sale": 0.46, "beauty": 0.20, "food": 0.16, "custom_made": 0.18})
    kind = _draw(rng, rows, dict(zip(ordinary, weights / weights.sum(), strict=True)))
    final = telling & (special == "final_sale")
    return pd.DataFrame({"product_category": np.where(telling & ~final, special, kind), "final_sale": final})


def _proof(rng: np.random.Generator, telling: np.ndarray, people: pd.DataFrame) -> pd.DataFrame:
    """Draw the channel and the photos; by phone and in a shop no photo can be sent."""
    rows, other = len(telling), (people["language_group"] == "other").to_numpy()
    channel = _draw(rng, rows, {"web": 0.35, "app": 0.25, "phone": 0.17, "chat": 0.10, "email": 0.13})
    written = _draw(rng, rows, {"web": 0.40, "app": 0.30, "chat": 0.13, "email": 0.17})
    state = np.where(telling, _draw(rng, rows, {"many": 0.42, "none": 0.42, "shop": 0.16}), "ordinary")
    channel = np.where(np.isin(state, ["many", "none"]), written, channel)
    channel = np.where(other & (rng.random(rows) < 0.30) & (channel != "phone"), "chat", channel)  # the proxy
    channel = np.where(state == "shop", "shop", channel)
    photos = np.where(state == "many", rng.integers(3, 7, rows), rng.integers(1, 3, rows)).astype(float)
    photos = np.where(state == "none", 0.0, photos)
    return pd.DataFrame({"channel": channel, "photos": np.where(np.isin(channel, ["phone", "shop"]), np.nan, photos)})


def _history(rng: np.random.Generator, telling: np.ndarray) -> pd.DataFrame:
    """Draw earlier orders and refunds, and how long the customer has been one."""
    rows = len(telling)
    state = np.where(telling, _draw(rng, rows, {"many_refunds": 0.58, "many_orders": 0.42}), "ordinary")
    orders = np.where(state == "many_orders", 17 + rng.poisson(7, rows), 1 + rng.binomial(11, 0.3, rows))
    orders = np.where(state == "many_refunds", rng.integers(7, 15, rows), orders)
    refunds = np.minimum(orders, rng.binomial(3, 0.2, rows))
    refunds = np.where(state == "many_refunds", np.minimum(orders, 5 + rng.poisson(1.5, rows)), refunds)
    tenure = np.minimum(240, np.floor(rng.gamma(1.6, 22, rows)))
    columns = {"orders_12_months": orders, "refunds_12_months": refunds, "tenure_months": tenure}
    return pd.DataFrame({name: np.asarray(value, dtype=float) for name, value in columns.items()})


def _nulls(rng: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """Draw what has no effect: means of payment, day of contact, gift."""
    rows = len(people)
    share = {"card": 0.44, "online_wallet": 0.22, "bank_transfer": 0.10, "invoice": 0.12, "instalments": 0.05,
             "gift_card": 0.04, "cash_on_delivery": 0.03}  # fmt: skip
    weekday = people["requested_on"].dt.day_name().str.lower().to_numpy()
    gift = {"payment_method": _draw(rng, rows, share), "contact_weekday": weekday, "gift": rng.random(rows) < 0.13}
    return pd.DataFrame(gift)


def _draw(rng: np.random.Generator, rows: int, share: dict[str, float]) -> np.ndarray:
    """Draw one of the named values for each row, with the given shares."""
    return rng.choice(np.array(list(share), dtype=object), size=rows, p=list(share.values()))


def _look_up(column: pd.Series, step: dict[str, float]) -> pd.Series:
    """Replace each level by its step; a missing value or an unnamed level has none."""
    return column.map(step).astype(float).fillna(0.0)


def write(frame: pd.DataFrame, path: Path) -> None:
    """Write the requests compactly; the same frame gives the same bytes."""
    whole = ["days_since_delivery", "delivery_delay_days", "photos", "orders_12_months", "refunds_12_months", "tenure_months"]
    compact = frame.astype(dict.fromkeys(whole, "Int16"))
    table = pa.Table.from_pandas(compact, preserve_index=False).replace_schema_metadata(None)
    day = table.schema.get_field_index("requested_on")
    table = table.set_column(day, "requested_on", table.column(day).cast(pa.timestamp("s")).cast(pa.date32()))
    pq.write_table(table, path, compression="zstd", compression_level=19)


if __name__ == "__main__":
    write(simulate(ROWS, SEED), Path(__file__).with_name("cases.parquet"))
