"""Every change that what would have changed an outcome must not survive: (decision, release, random) → the changed one, or None."""

from dataclasses import replace

from explainer.decisions.deciding import distance_to_edge
from explainer.explanations.changing.recourse import Change, NoRecourse
from explainer.explanations.wording import RECOURSE, word_recourse
from tests.explanations.mutations import numbered, one_language, with_sentence


def lines_of(said):
    return said.recourse if isinstance(said.recourse, tuple) else ()


def with_line(said, **changed):
    """A decision whose first line of recourse was changed after it was worded."""
    first, *others = lines_of(said)
    return said._replace(recourse=(replace(first, **changed), *others))


def promise_more(said, release, rng):
    best = release.pack.outcomes[0].code
    worse = [one for one in lines_of(said) if one.outcome != best]
    return with_line(said, outcome=best) if worse and lines_of(said)[0] in worse else None


def promise_no_better(said, release, rng):
    return with_line(said, outcome=said.decision.outcome) if lines_of(said) else None


def change_where_to(said, release, rng):
    if not lines_of(said):
        return None
    change = lines_of(said)[0].changes[0]
    levels = [one for one in release.pack.feature[change.feature].levels if one != change.to]
    other = levels[0] if levels else (not change.to if isinstance(change.to, bool) else (change.to or 0) + 1)
    return with_line(said, changes=(replace(change, to=other), *lines_of(said)[0].changes[1:]))


def say_that_farther_does(said, release, rng):
    numbers = [
        one for one in lines_of(said) if isinstance(one.changes[0].to, int | float) and not isinstance(one.changes[0].to, bool)
    ]
    if not numbers or lines_of(said)[0] is not numbers[0]:
        return None
    change = numbers[0].changes[0]
    return with_line(said, changes=(replace(change, farther=not change.farther), *numbers[0].changes[1:]))


def leave_a_line_out(said, release, rng):
    return said._replace(recourse=lines_of(said)[1:]) if lines_of(said) else None


def say_another_line(said, release, rng):
    language = one_language(said, rng)
    found = said.texts[language][RECOURSE]
    return with_sentence(said, language, RECOURSE, 0, text=found[1].text) if len(found) > 1 else None


def give_another_why(said, release, rng):
    other = {"rule": "nothing", "nothing": "rule"}
    return (
        said._replace(recourse=NoRecourse(other.get(said.recourse.why, "rule"))) if isinstance(said.recourse, NoRecourse) else None
    )


def ask_for_what_is_so_already(said, release, rng):
    if not lines_of(said):
        return None
    change = lines_of(said)[0].changes[0]
    return with_line(said, changes=(replace(change, to=said.row.facts[change.feature]), *lines_of(said)[0].changes[1:]))


def turn_a_number_the_other_way(said, release, rng):
    if not lines_of(said) or not lines_of(said)[0].changes[0].side:
        return None
    change = lines_of(said)[0].changes[0]
    return with_line(said, changes=(replace(change, side=-change.side), *lines_of(said)[0].changes[1:]))


def reach_it_by_another_margin(said, release, rng):
    byscore = bool(lines_of(said)) and lines_of(said)[0].decisive != "rule"
    return with_line(said, margin=said.decision.margin) if byscore else None


def with_a_number(said, release, number):
    """A decision whose first number that a line changes must be another one, exactly."""
    for line in lines_of(said):
        for change in line.changes:
            if change.side:
                other = replace(change, to=number(change, release.pack.feature[change.feature]), farther=False)
                changes = tuple(other if one is change else one for one in line.changes)
                return said._replace(recourse=(replace(line, changes=changes),))
    return None


def ask_for_more_than_is_allowed(said, release, rng):
    return with_a_number(said, release, lambda change, feature: int(feature.high) + int(feature.action.step))


def ask_for_a_part_of_a_step(said, release, rng):
    return with_a_number(said, release, lambda change, feature: change.to + feature.action.step / 2)


def ask_for_what_is_not_open(said, release, rng):
    """To ask on the website, of somebody who did not ask by phone."""
    if not lines_of(said) or said.row.facts["channel"] in {"phone", "web"}:
        return None
    return with_line(said, changes=(Change("channel", "web", 0, False),), along={"photos": 0})


def ask_for_a_level_that_is_not_offered(said, release, rng):
    """The item on its way, where only an item that arrived counts."""
    wanted = [(line, one) for line in lines_of(said) for one in line.changes if one.feature == "return_status"]
    if not wanted or said.row.facts["return_status"] == "on_the_way":
        return None
    line, change = wanted[0]
    changes = tuple(replace(one, to="on_the_way") if one is change else one for one in line.changes)
    return said._replace(recourse=(replace(line, changes=changes), *lines_of(said)[1:]))


def change_what_comes_along(said, release, rng):
    return with_line(said, along={**lines_of(said)[0].along, "gift": True}) if lines_of(said) else None


def say_that_a_rule_would_have_decided(said, release, rng):
    """No rule fires after these changes, and a margin far below stands for nothing."""
    byscore = bool(lines_of(said)) and lines_of(said)[0].decisive != "rule"
    return with_line(said, decisive="rule", margin=-99.0) if byscore else None


def reach_it_by_a_hair(said, release, rng):
    """Just past the threshold above which its outcome begins."""
    edges = {one.outcome: one.at_least for one in release.pack.bands}
    if not lines_of(said) or lines_of(said)[0].decisive == "rule" or edges[lines_of(said)[0].outcome] is None:
        return None
    edge = edges[lines_of(said)[0].outcome]
    return with_line(said, margin=edge + 0.01, distance=edge + 0.01 - edge)


def give_one_line_four_times(said, release, rng):
    if not lines_of(said):
        return None
    texts = {language: {**readers, RECOURSE: numbered(readers[RECOURSE][:1] * 4)} for language, readers in said.texts.items()}
    return said._replace(recourse=lines_of(said)[:1] * 4, texts=texts)


def say_that_nothing_would_have_helped(said, release, rng):
    """Every line and its words gone, and the words for a rule in their place."""
    if not lines_of(said):
        return None
    texts = {}
    for phrases in release.vocabulary.every:
        none = word_recourse(NoRecourse("rule"), release.pack, phrases)
        texts[phrases.locale] = {**said.texts[phrases.locale], RECOURSE: none}
    return said._replace(recourse=NoRecourse("rule"), texts=texts) if said.decision.decisive == "score" else None


def drop_recourse_altogether(said, release, rng):
    if said.recourse is None:
        return None
    texts = {language: {**readers, RECOURSE: ()} for language, readers in said.texts.items()}
    return said._replace(recourse=None, texts=texts)


def said_again(said, release, *lines):
    """A decision with other lines, and the words for them in every language."""
    texts = {
        phrases.locale: {**said.texts[phrases.locale], RECOURSE: word_recourse(lines, release.pack, phrases)}
        for phrases in release.vocabulary.every
    }
    return said._replace(recourse=lines, texts=texts)


def reach_it_by_a_little_more(said, release, rng):
    if not lines_of(said):
        return None
    margin = lines_of(said)[0].margin + 0.001
    line = replace(lines_of(said)[0], margin=margin, distance=distance_to_edge(margin, release.pack.thresholds))
    return said_again(said, release, line, *lines_of(said)[1:])


def ask_for_one_step_less(said, release, rng):
    """A photo too few, say, which the pack allows as well."""
    for place, line in enumerate(lines_of(said)):
        change, feature = line.changes[0], release.pack.feature[line.changes[0].feature]
        if change.side and not isinstance(change.to, bool):
            less = type(change.to)(change.to - change.side * feature.action.step)
            if less != said.row.facts[change.feature]:
                changes = (replace(change, to=less, farther=False), *line.changes[1:])
                return said_again(said, release, replace(line, changes=changes), *lines_of(said)[:place])
    return None


def ask_for_half_of_it(said, release, rng):
    """One change of several, with the margin of all."""
    for line in lines_of(said):
        bringing = {name for one in line.changes for name, _ in release.pack.feature[one.feature].action.together}
        if len(line.changes) > 1 and not bringing:
            return said_again(said, release, replace(line, changes=line.changes[:1]))
    return None


ABOUT_RECOURSE = [
    promise_more, promise_no_better, change_where_to, say_that_farther_does, leave_a_line_out, say_another_line, give_another_why,
    ask_for_what_is_so_already, turn_a_number_the_other_way, reach_it_by_another_margin, give_one_line_four_times,
    say_that_nothing_would_have_helped, drop_recourse_altogether,
]  # fmt: skip

# What no word gives away: lines that the pack does not allow, or that lead elsewhere
ABOUT_LINES = [
    ask_for_more_than_is_allowed, ask_for_a_part_of_a_step, ask_for_what_is_not_open, ask_for_a_level_that_is_not_offered,
    change_what_comes_along, say_that_a_rule_would_have_decided, reach_it_by_a_hair,
]  # fmt: skip

# What neither words nor pack give away: only the model scores what a line says otherwise
ABOUT_MARGINS = [reach_it_by_a_little_more, ask_for_one_step_less, ask_for_half_of_it]
