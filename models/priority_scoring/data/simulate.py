"""Simulated contact-centre cases whose true causes are known, for priority scoring.

A case is opened with a home-services provider.  Most cases have one thing that makes
them press or lets them wait (the *driver*); about one in nine has a second.  A driver
draws its group of facts from a telling distribution, every other group from a quiet
one.  The log-odds of breaching the service time or being escalated is a sum of one
step function per reason group (`planted`), one mild interaction, a slow drift, and a
planted unfairness.  TRUTH.md tells the same story in words.

    python models/priority_scoring/data/simulate.py     rewrites cases.parquet, same bytes
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 40_000
SEED = 20260417
FIRST_DAY = np.datetime64("2024-05-01")
DAYS = 730
NULL_GROUPS: tuple[str, ...] = ("channel", "weekday", "relationship")

INTERCEPT = -2.10  # log-odds of a case with quiet facts on the first day
DRIFT = 0.20  # log-odds, from the first day to the last: the centre slowly gets busier
UNFAIRNESS = 0.60  # log-odds, for the language group whose history is often not written down
UNRECORDED = 0.70  # share of that group's cases whose history nobody wrote down
SECOND_DRIVER = 0.11  # share of cases with a second driver
INTERACTION = 0.30  # log-odds, a long wait and an earlier contact together

DRIVERS = {  # share of the cases that each group drives
    "topic": 0.31, "service": 0.19, "waiting": 0.17, "contacts": 0.12, "promise": 0.10,
    "money": 0.04, "deadline": 0.04, "needs": 0.025, "safety": 0.015,
}  # fmt: skip

TOPIC = {  # log-odds by topic; quiet topics lie near zero
    "billing": 0.05,
    "payment_plan": 0.10,
    "contract_change": -0.10,
    "moving_home": -0.05,
    "installation": 0.10,
    "technical_help": 0.00,
    "meter_reading": -0.10,
    "wrongful_disconnection": 2.70,
    "fraud": 2.00,
    "personal_data": 1.40,
    "general_question": -1.80,
    "product_information": -1.30,
    "feedback": -2.40,
}
QUIET_TOPICS = ["billing", "payment_plan", "contract_change", "moving_home", "installation",
                "technical_help", "meter_reading"]  # fmt: skip
URGENT_TOPICS = ["wrongful_disconnection", "fraud", "personal_data"]
CALM_TOPICS = ["general_question", "product_information", "feedback"]

SUPPLY = ["electricity", "gas", "heating"]
CONNECTION = ["broadband", "mobile", "landline"]
EXTRAS = ["television", "home_cover"]
PRODUCTS = [*SUPPLY, *CONNECTION, *EXTRAS]
EFFECTS = ["none", "slower", "interrupted", "partly", "fully"]
SERVICE = {  # log-odds by kind of product and effect on the service
    "supply": {"none": 0.00, "slower": 0.00, "interrupted": 0.20, "partly": 1.70, "fully": 2.90},
    "connection": {"none": 0.00, "slower": 0.00, "interrupted": 0.15, "partly": 1.40, "fully": 2.10},
    "extras": {"none": -1.70, "slower": -1.20, "interrupted": 0.00, "partly": 0.50, "fully": 1.50},
}
NEED = {  # log-odds by need the customer declared; no need declared is zero
    "advanced_age": 1.50,
    "hearing_or_sight": 1.60,
    "reduced_mobility": 1.80,
    "long_illness": 2.20,
    "small_children": 1.70,
}
CHANNELS = ["phone", "email", "chat", "web_form", "app", "letter", "shop"]
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

Draw = Callable[[np.random.Generator, np.ndarray], dict[str, np.ndarray]]


def steps(values: pd.Series, at: list[float], heights: list[float], missing: float) -> np.ndarray:
    """Give the height of a step function: heights[k] between at[k-1] (included) and at[k].

    >>> steps(pd.Series([0.0, 3.0, 9.0, None]), [3], [-1.5, 0.2], missing=0.0).tolist()
    [-1.5, 0.2, 0.2, 0.0]
    """
    number: np.ndarray = values.astype("float64").to_numpy(na_value=np.nan)
    height = np.asarray(heights)[np.searchsorted(at, np.nan_to_num(number), side="right")]
    return np.asarray(np.where(np.isnan(number), missing, height))


def levels(values: pd.Series, heights: dict[str, float]) -> np.ndarray:
    """Give the height of each level; a missing level is zero."""
    return np.asarray(values.map(heights).fillna(0.0), dtype="float64")


def service_component(frame: pd.DataFrame) -> np.ndarray:
    """Log-odds of the group `service`: what the effect means depends on the product."""
    kinds = {"supply": SUPPLY, "connection": CONNECTION, "extras": EXTRAS}
    total = np.zeros(len(frame))
    for kind, products in kinds.items():
        height = levels(frame["service_effect"], SERVICE[kind])
        total += np.where(frame["product_line"].isin(products), height, 0.0)
    return total


def contacts_component(frame: pd.DataFrame) -> np.ndarray:
    """Log-odds of the group `contacts`: three signs of a matter going round in circles."""
    earlier = steps(frame["earlier_contacts"], [1, 3, 5], [-0.1, 0.0, 1.5, 2.3], missing=0.0)
    handed = steps(frame["handovers"], [2], [0.0, 0.7], missing=0.0)
    reopened = np.where(frame["reopened"], 0.6, 0.0)
    return np.asarray(np.minimum(earlier + handed + reopened, 3.0))


def needs_component(frame: pd.DataFrame) -> np.ndarray:
    """Log-odds of the group `needs`: the stronger of the declared need and the equipment."""
    equipment = np.where(frame["medical_equipment_affected"], 2.8, 0.0)
    return np.asarray(np.maximum(levels(frame["declared_need"], NEED), equipment))


def planted(frame: pd.DataFrame) -> pd.DataFrame:
    """State the truth: the log-odds of each reason group, and of the one interaction.

    Args:
        frame: cases with the features of the pack.

    Returns:
        One column per reason group and `waiting*contacts`, log-odds; their sum is the
        true log-odds without intercept, drift and unfairness.
    """
    hours, late = frame["waiting_hours"], frame["days_past_promise"]
    amount, needed = frame["disputed_amount"], frame["days_until_needed"]
    groups = {
        "waiting": steps(hours, [1, 4, 48, 120, 240], [-2.2, -1.5, 0.0, 1.4, 2.1, 2.9], missing=0.0),
        "contacts": contacts_component(frame),
        "topic": levels(frame["topic"], TOPIC),
        "service": service_component(frame),
        "promise": steps(late, [1, 4, 12, 30], [-1.5, 0.1, 1.4, 2.1, 2.8], missing=0.0),
        "deadline": steps(needed, [2, 4], [2.6, 1.7, 0.0], missing=0.0),
        "money": steps(amount, [500, 2000, 5000], [0.0, 1.5, 2.2, 2.9], missing=0.0),
        "needs": needs_component(frame),
        "safety": np.where(frame["safety_risk"], 3.0, 0.0),
    }
    nothing = {group: np.zeros(len(frame)) for group in NULL_GROUPS}
    both = {"waiting*contacts": interaction(frame, frame)}
    return pd.DataFrame(groups | nothing | both, index=frame.index)


def interaction(frame_a: pd.DataFrame, frame_b: pd.DataFrame) -> np.ndarray:
    """Log-odds of `waiting*contacts`, waiting taken from frame_a and contacts from frame_b.

    Args:
        frame_a: n cases of which the group `waiting` is read.
        frame_b: n cases of which the group `contacts` is read, row by row.

    Returns:
        (n,) log-odds.
    """
    long_wait = frame_a["waiting_hours"].to_numpy() >= 48
    came_before = frame_b["earlier_contacts"].to_numpy(dtype="float64") >= 1
    return np.where(long_wait & came_before, INTERACTION, 0.0)


def either(rng: np.random.Generator, choose: np.ndarray, first: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Mix two draws row by row: `first` with the chance `choose`, else `other`."""
    return np.where(rng.random(len(first)) < choose, first, other)


def draw_waiting(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Hours since the case was opened: quiet 4 to 48; telling under 4, or 48 to 480."""
    n = len(driver)
    quiet = np.exp(rng.uniform(np.log(4), np.log(47), n))
    long = np.exp(rng.uniform(np.log(50), np.log(480), n))
    telling = either(rng, np.full(n, 0.4), rng.uniform(0.0, 3.5, n), long)
    return {"waiting_hours": np.round(np.where(driver, telling, quiet) * 2) / 2}


def draw_contacts(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Earlier contacts, handovers and reopening: telling cases went round in circles."""
    n = len(driver)
    earlier = np.where(driver, 3 + rng.poisson(1.8, n), rng.integers(0, 3, n))
    handed = np.where(driver, rng.integers(0, 4, n), rng.integers(0, 2, n))
    reopened = driver & (rng.random(n) < 0.35)
    return {"earlier_contacts": np.minimum(earlier, 20), "handovers": np.minimum(handed, 6), "reopened": reopened}


def draw_topic(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """What the case is about: a quiet topic, or a telling one (half calm, half urgent)."""
    n = len(driver)
    urgent, calm = rng.choice(URGENT_TOPICS, n), rng.choice(CALM_TOPICS, n)
    telling = either(rng, np.full(n, 0.50), urgent, calm)
    return {"topic": np.where(driver, telling, rng.choice(QUIET_TOPICS, n))}


def draw_service(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Product and effect: telling is a failing supply or line, or an extra that works."""
    n = len(driver)
    basic = rng.choice([*SUPPLY, *CONNECTION], n)
    fails, works = rng.choice(["partly", "fully"], n), rng.choice(["none", "slower"], n)
    quiet = rng.choice(EFFECTS[:3], n, p=[0.6, 0.25, 0.15])
    extra = driver & (rng.random(n) < 0.35)
    broken_extra = extra & (rng.random(n) < 0.20)
    effect = np.where(extra, works, np.where(driver, fails, quiet))
    return {
        "product_line": np.where(extra, rng.choice(EXTRAS, n), basic),
        "service_effect": np.where(broken_extra, "fully", effect),
    }


def draw_promise(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Days past the date we promised: none promised, just past; telling kept or long past."""
    n = len(driver)
    past = np.minimum(4 + rng.geometric(0.09, n), 60).astype("float64")
    telling = either(rng, np.full(n, 0.4), np.zeros(n), past)
    quiet = either(rng, np.full(n, 0.12), rng.integers(1, 4, n).astype("float64"), np.full(n, np.nan))
    return {"days_past_promise": np.where(driver, telling, quiet)}


def draw_money(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Amount in dispute, euros: usually none or a small one; telling from 500 on."""
    n = len(driver)
    small = np.exp(rng.uniform(np.log(5), np.log(450), n))
    large = np.exp(rng.uniform(np.log(500), np.log(9_000), n))
    quiet = either(rng, np.full(n, 0.25), small, np.full(n, np.nan))
    return {"disputed_amount": np.round(np.where(driver, large, quiet), 2)}


def draw_deadline(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Days until the customer needs it: usually no day named; telling within three days."""
    n = len(driver)
    later = rng.integers(4, 61, n).astype("float64")
    quiet = either(rng, np.full(n, 0.15), later, np.full(n, np.nan))
    return {"days_until_needed": np.where(driver, rng.integers(0, 4, n), quiet)}


def draw_needs(rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """What the customer declared: a need, medical equipment that is affected, or both."""
    n = len(driver)
    equipment = driver & (rng.random(n) < 0.35)
    need = rng.choice(list(NEED), n).astype(object)
    need[~driver | (equipment & (rng.random(n) < 0.5))] = None
    return {"declared_need": need, "medical_equipment_affected": equipment}


def draw_safety(_rng: np.random.Generator, driver: np.ndarray) -> dict[str, np.ndarray]:
    """Whether the customer reported a risk to life or health; a driver and nothing else."""
    return {"safety_risk": driver.copy()}


DRAWS: dict[str, Draw] = {
    "waiting": draw_waiting, "contacts": draw_contacts, "topic": draw_topic, "service": draw_service, "promise": draw_promise,
    "deadline": draw_deadline, "money": draw_money, "needs": draw_needs, "safety": draw_safety,
}  # fmt: skip


def draw_drivers(rng: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """Say for each group which cases it drives: one driver each, sometimes a second."""
    names, shares = list(DRIVERS), np.array(list(DRIVERS.values()))
    first = rng.choice(len(names), rows, p=shares / shares.sum())
    second = rng.choice(len(names), rows, p=shares / shares.sum())
    has_second = rng.random(rows) < SECOND_DRIVER
    return {g: (first == k) | (has_second & (second == k)) for k, g in enumerate(names)}


def draw_without_effect(rng: np.random.Generator, opened: np.ndarray) -> dict[str, np.ndarray]:
    """Facts that change nothing: the channel, the day of the week, the years with us."""
    n = len(opened)
    years = np.floor(np.minimum(rng.gamma(1.6, 4.0, n), 40))
    weekday = (opened.astype("datetime64[D]").astype(int) + 3) % 7  # 1970-01-01: a Thursday
    share = [0.34, 0.18, 0.14, 0.12, 0.12, 0.04, 0.06]
    return {
        "contact_channel": rng.choice(CHANNELS, n, p=share),
        "contact_weekday": np.array(WEEKDAYS)[weekday],
        "customer_years": np.where(rng.random(n) < 0.07, np.nan, years),
    }


def draw_people(rng: np.random.Generator, rows: int) -> dict[str, np.ndarray]:
    """Groups for the audit, never features."""
    return {
        "language_group": rng.choice(["main", "second", "other"], rows, p=[0.72, 0.15, 0.13]),
        "age_band": rng.choice(["18-34", "35-49", "50-64", "65+"], rows, p=[0.27, 0.29, 0.25, 0.19]),
        "area": rng.choice(["city", "town", "country"], rows, p=[0.46, 0.34, 0.20]),
    }


def forget_history(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Lose earlier contacts and promises of customers who speak another language: nobody wrote them down."""
    lost = (frame["language_group"] == "other") & (rng.random(len(frame)) < UNRECORDED)
    return frame.assign(
        earlier_contacts=frame["earlier_contacts"].where(~lost, frame["earlier_contacts"].clip(upper=1)),
        handovers=frame["handovers"].where(~lost, frame["handovers"].clip(upper=1)),
        reopened=frame["reopened"] & ~lost,
        days_past_promise=frame["days_past_promise"].where(~lost),
    )


def breach_chance(frame: pd.DataFrame) -> np.ndarray:
    """Chance of a breach or an escalation: the planted sum, the drift, the unfairness."""
    days = (frame["opened_on"].to_numpy() - FIRST_DAY) / np.timedelta64(DAYS, "D")
    unfair = np.where(frame["language_group"] == "other", UNFAIRNESS, 0.0)
    log_odds = INTERCEPT + DRIFT * days + unfair + planted(frame).sum(axis=1).to_numpy()
    return np.asarray(1.0 / (1.0 + np.exp(-log_odds)))


def simulate(rows: int, seed: int) -> pd.DataFrame:
    """Make cases: the features, the target, the day and the audit groups.

    Args:
        rows: how many cases, spread over 24 months, in order of time.
        seed: the same seed gives the same cases.

    >>> simulate(500, 1).equals(simulate(500, 1))
    True
    """
    rng = np.random.default_rng(seed)
    opened = np.sort(FIRST_DAY + rng.integers(0, DAYS, rows).astype("timedelta64[D]"))
    drivers = draw_drivers(rng, rows)
    columns: dict[str, np.ndarray] = {"opened_on": opened}
    for group, draw in DRAWS.items():
        columns |= draw(rng, drivers[group])
    columns |= draw_without_effect(rng, opened) | draw_people(rng, rows)
    frame = forget_history(rng, pd.DataFrame(columns))
    frame["breached_or_escalated"] = rng.random(rows) < breach_chance(frame)
    return compact(frame)


def compact(frame: pd.DataFrame) -> pd.DataFrame:
    """Give every column the smallest type that holds it; missing stays missing."""
    whole = ["earlier_contacts", "handovers", "days_past_promise", "days_until_needed",
             "customer_years", "breached_or_escalated"]  # fmt: skip
    kinds = dict.fromkeys(whole, "Int8") | {"waiting_hours": "float32"}
    texts = frame.select_dtypes(include=["object", "str"]).columns
    return frame.astype(kinds | dict.fromkeys(texts, "string"))


def main() -> None:
    """Rewrite cases.parquet beside this file."""
    path = Path(__file__).with_name("cases.parquet")
    simulate(ROWS, SEED).to_parquet(path, compression="zstd", index=False)


if __name__ == "__main__":
    main()
