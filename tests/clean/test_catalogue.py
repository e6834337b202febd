"""The catalogue's own examples, run as its tests."""

import pytest

from pipeline.clean.catalogue import OPTIONAL_RULES, Catalogue, Rule, catalogue, read_catalogue
from pipeline.clean.residue import clean
from pipeline.errors import SetupError
from tests.clean.blocks import blocks

ABOVE = "The envoys spoke for an hour about the winter that lies ahead."
BELOW = "They will meet again in the spring, officials said on Thursday."
PLACES = {
    "head": [lambda line: [line, ABOVE, BELOW]],
    "tail": [lambda line: [ABOVE, BELOW, line]],
    "anywhere": [lambda line: [ABOVE, line, BELOW]],
    "line-end": [lambda line: [ABOVE, line, BELOW]],
}
PLACES["edges"] = PLACES["head"] + PLACES["tail"]
RULES = catalogue().rules

ENTRY = "[[rule]]\nname = 'one'\nwhere = 'head'\npattern = 'AD'\nreason = 'It is not the article.'\n"


def examples(field: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{number}")
        for rule in RULES
        for number, example in enumerate(getattr(rule, field))
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_reason_an_example_and_a_counter_example(rule):
    assert rule.reason.strip()
    assert rule.removes or any(case.removed for case in rule.cases)
    assert rule.spares or any(not case.removed for case in rule.cases)


def places_of(rule: Rule) -> list:
    """Where a rule's examples are tried: one that is judged by its place goes where it has one."""
    if rule.where == "anywhere" and rule.rule_class == "judged":
        assert "edge" in rule.evidence, "an example without a page can only show its place"
        return PLACES["tail"]
    return PLACES[rule.where]


def switched_on(rule: Rule) -> Catalogue:
    """Everybody's rules; an optional one is asked for, as a test of it needs."""
    return catalogue().with_optional([rule.name] if rule.rule_class == "optional" else [])


@pytest.mark.parametrize(("rule", "line"), examples("removes"))
def test_a_line_of_residue_goes_by_its_rule_alone(rule: Rule, line: str):
    for place in places_of(rule):
        assert "\n".join(place(line)) != clean(place(line), rules=switched_on(rule)).text
        cleaned = clean(place(line), rules=Catalogue((rule,), "1", enabled=frozenset([rule.name])))
        assert [removed.rule for removed in cleaned.removed] == [rule.name]
        if rule.where == "line-end":
            assert cleaned.removed[0].text in line
        else:
            assert cleaned.removed[0].text == line
            assert cleaned.text == f"{ABOVE}\n{BELOW}"


@pytest.mark.parametrize(("rule", "line"), examples("removes"))
def test_what_is_judged_stays_where_nothing_speaks_against_it(rule: Rule, line: str):
    if rule.rule_class == "judged":
        alone = Catalogue((rule,), "1")
        # Two paragraphs on either side: the outermost ones are at the edge.
        assert clean([ABOVE, ABOVE, line, BELOW, BELOW], rules=alone).removed == ()


@pytest.mark.parametrize(("rule", "line"), examples("spares"))
def test_a_line_that_looks_alike_stays(rule: Rule, line: str):
    for place in PLACES[rule.where]:
        cleaned = clean(place(line), rules=switched_on(rule))
        assert cleaned.removed == ()
        assert cleaned.text == "\n".join(place(line))


@pytest.mark.parametrize(("rule", "case"), examples("cases"))
def test_a_whole_text_loses_exactly_the_lines_of_its_case(rule: Rule, case):
    lines, places = blocks(case.html) if case.html else (case.text.split("\n"), ())
    cleaned = clean(
        lines,
        titles=[case.title or ""],
        stated=case.stated,
        places=places,
        host=rule.host,
        rules=switched_on(rule),
    )
    assert tuple(line.text for line in cleaned.removed if line.rule == rule.name) == case.removed


@pytest.mark.parametrize(
    "toml",
    [
        ENTRY + "colour = 'red'\n",
        ENTRY.replace("'head'", "'middle'"),
        ENTRY + "sign = 'title'\n",
        ENTRY.replace("pattern = 'AD'\n", ""),
        ENTRY + ENTRY,
    ],
)
def test_a_malformed_entry_is_named(toml):
    with pytest.raises(ValueError, match=r"one|same name"):
        read_catalogue(toml)


def test_the_version_changes_with_any_rule():
    assert read_catalogue(ENTRY).version != read_catalogue(ENTRY.replace("'AD'", "'ADS'")).version


OPTIONAL = [rule.name for rule in RULES if rule.rule_class == "optional"]


@pytest.mark.parametrize("name", OPTIONAL)
def test_an_optional_rule_is_off_until_it_is_asked_for_and_then_the_version_says_so(name):
    rule = next(rule for rule in RULES if rule.name == name)
    for example in rule.removes[:1]:
        lines = PLACES[rule.where][0](example)
        asked = catalogue().with_optional([name])
        assert [line.rule for line in clean(lines).removed] != [name]
        assert [line.rule for line in clean(lines, rules=asked).removed] == [name]
        assert clean(lines, rules=asked, host="monitor.test").removed
    assert catalogue().with_optional([name]).version == f"{catalogue().version}+{name}"


def test_the_environment_asks_for_optional_rules(monkeypatch):
    monkeypatch.setenv(OPTIONAL_RULES, "bare-time, address-line")
    assert catalogue.__wrapped__().enabled == {"bare-time", "address-line"}
    monkeypatch.setenv(OPTIONAL_RULES, "bare-tyme")
    with pytest.raises(SetupError, match=r"bare-tyme.*bare-time"):
        catalogue.__wrapped__()


def test_every_inform_is_one_that_prepare_uses():
    assert {rule.informs for rule in RULES} == {None, "title", "date", "credit", "author"}
