"""The gate: what newsfold makes of the corpus does not get worse.

Floors are in `gate.toml`. `python -m tests.corpus.report` shows the figures and the lines behind them; with --pin it
raises the floors, and only with --lower-floors does it lower any.
"""

import re
import warnings
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.corpus import build
from tests.corpus import floors as gate
from tests.corpus.floors import AT_MOST, figures, is_pinned, is_worse, read_floors, rounded
from tests.corpus.lines import blame, excess, f1, false_removals, key
from tests.corpus.loading import PAGES, SETS, CorpusPage, corpus, corpus_digest, pages_of
from tests.corpus.measure import measured


@pytest.mark.parametrize("group", SETS)
def test_no_figure_is_under_its_floor(group: str) -> None:
    floors = read_floors().sets[group]
    now = figures(measured(group))
    assert set(floors.values) == {name for name in now.values if is_pinned(name)}
    fallen = [
        f"{name} is {now.values[name]:.3f}, and must be {'at most' if name in AT_MOST else 'at least'} {floor:.3f}"
        for name, floor in floors.values.items()
        if is_worse(name, now.values[name], floor)
    ]
    assert not fallen, "\n".join([*fallen, *_fallen_pages(group, floors.pages), *_wrong_answers(group)])
    higher = [
        f"{group} {name}: {rounded(name, value):.3f} instead of {floors.values[name]:.3f}"
        for name, value in now.values.items()
        if is_pinned(name) and rounded(name, value) != floors.values[name]
    ]
    if higher:
        warnings.warn("Floors can be raised: " + "; ".join(higher), stacklevel=1)


def _fallen_pages(group: str, before: Mapping[str, float]) -> list[str]:
    """The pages whose F1 fell, and by which lines; of pages that are held back only their names."""
    rows = []
    for result in measured(group):
        was = before.get(result.page.name)
        if was is not None and result.f1 < was - 0.0006:
            rows.append(f"{result.page.name} fell from {was:.3f} to {result.f1:.3f}")
            if group == "seen":
                rows += [f"   left: {line}" for line in result.blame.left]
                rows += [f"   lost: {line}" for line in result.blame.lost]
    return rows


def _wrong_answers(group: str) -> list[str]:
    if group != "seen":
        return []
    return [
        f"{result.page.name}: {name} is wrong ({result.answers.get(name, result.answers.get('date', ''))})"
        for result in measured(group)
        for name, right in result.facts.items()
        if not right
    ]


@pytest.mark.parametrize("group", SETS)
def test_newsfold_is_never_worse_than_the_extractor_alone(group: str) -> None:
    values = figures(measured(group)).values
    worse = [
        name for name in values if name.startswith("f1") and values[name] < values[f"bare-{name}"] - 0.0005
    ]
    assert not worse


def test_the_floors_are_those_of_this_corpus() -> None:
    assert read_floors().digest == corpus_digest(), (
        "The corpus is not the one whose floors are in tests/gate.toml. See what has changed with `python -m "
        "tests.corpus.report`, then pin the floors with --pin; no floor is lowered without --lower-floors."
    )


def test_the_pages_are_what_build_writes() -> None:
    written = dict(build.built())
    there = {path.relative_to(PAGES).as_posix(): path.read_bytes() for path in PAGES.rglob("*.*")}
    assert there.keys() == written.keys()
    changed = [name for name in written if written[name] != there[name]]
    assert not changed, "tests/corpus/pages differs from its sources; run `python -m tests.corpus.build`."


def test_the_corpus_is_large_and_a_third_of_it_is_held_back() -> None:
    assert len(corpus()) >= 60
    assert len(pages_of("unseen")) >= 20
    layouts = {group: {page.meta["style"] for page in pages_of(group)} for group in SETS}
    assert not layouts["seen"] & layouts["unseen"]
    texts = {
        group: {line for page in pages_of(group) for line in page.gold.get("text", ())} for group in SETS
    }
    assert not texts["seen"] & texts["unseen"]


@pytest.mark.parametrize("page", corpus(), ids=lambda page: page.name)
def test_what_is_gold_stands_on_the_page(page: CorpusPage) -> None:
    if not page.gold["article"]:
        return
    shown = key(page.decoded)
    gold = {key(line) for line in page.gold["text"]}
    for line in page.gold["text"]:
        assert all(key(part) in shown for part in line.split(" | ")), line
    stays = {key(line) for line in page.gold["stays"]}
    assert stays <= gold
    # A line may be residue in one place and the article in another, as where an article begins with a prompt.
    assert {key(line) for line in page.gold["residue"] if key(line)} & gold <= stays
    if page.gold["precision"] == "zone" and page.meta["timezone"]:
        stated = datetime.fromisoformat(page.gold["published"])
        assert stated.utcoffset() == stated.astimezone(ZoneInfo(page.meta["timezone"])).utcoffset()


def test_f1_counts_tokens_and_not_marks() -> None:
    assert f1("One, two.", "one two") == 1.0
    assert f1("one two three", "one two") == pytest.approx(0.8)
    assert f1("", "one two") == 0.0
    assert f1("A standfirst\none two", "one two", neutral="A standfirst.") == 1.0
    assert f1("one two standfirst", "one two", neutral="A standfirst.") == pytest.approx(0.8)


def test_blame_names_the_lines() -> None:
    found = blame("- one\nShare this\nlead", ["one", "two"], neutral="Lead")
    assert found.left == ("Share this",)
    assert found.lost == ("two",)


def test_excess_counts_what_is_not_the_article() -> None:
    assert excess("one two\nShare this", "one two three") == 2
    assert excess("Lead\none", "one", neutral="lead") == 0


def test_a_removal_is_false_only_where_the_text_lacks_the_line() -> None:
    assert false_removals(["Read more."], "Read more.\nThank you.", ["Read more.", "Thank you."]) == []
    assert false_removals(["Read more."], "Thank you.", ["Read more.", "Thank you."]) == ["Read more."]
    assert false_removals(["AD AD"], "It fell.", ["It fell in 79 AD AD"]) == ["AD AD"]
    assert false_removals(["Share"], "It fell.", ["It fell."]) == []


@pytest.mark.parametrize(("lower", "title"), [(False, 1.01), (True, 1.0)])
def test_no_floor_is_lowered_without_being_asked_for(
    lower: bool, title: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = gate.GATE.read_text("utf-8")
    seen, unseen = text.split("[unseen.floor]")
    raised = re.sub(r"(?m)^title = .*$", "title = 1.01", seen)
    lowered = re.sub(r"(?m)^title = .*$", "title = 0.5", unseen)
    monkeypatch.setattr(gate, "GATE", tmp_path / "gate.toml")
    gate.GATE.write_text(f"{raised}[unseen.floor]{lowered}", "utf-8")
    kept = gate.pin(lower=lower)
    assert [line for line in kept if "title" in line] == (
        [] if lower else ["seen title: 1.01 stays, though it is 1.000 now"]
    )
    now = read_floors()
    assert now.sets["seen"].values["title"] == title
    assert now.sets["unseen"].values["title"] > 0.5
    assert now.digest == corpus_digest()


def test_what_is_better_low_is_pinned_and_judged_the_other_way_round() -> None:
    assert rounded("title", 0.98765) == 0.987
    assert rounded("residue-left", 0.98765) == 0.988
    assert is_worse("title", 0.986, 0.987)
    assert not is_worse("residue-left", 0.986, 0.987)
    assert is_worse("residue-left", 0.9884, 0.988)
