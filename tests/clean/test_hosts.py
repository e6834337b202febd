"""Each host's own rules, on the saved page that is named as the need for them."""

import pytest
import trafilatura

from pipeline.clean.body import body_lines
from pipeline.clean.catalogue import HostRules, catalogue, read_catalogue
from pipeline.clean.residue import clean
from pipeline.clean.structure import read_places
from pipeline.settings import CHECKOUT

HOSTS = [pytest.param(own, id=own.host) for own in catalogue().hosts.values()]
FILE = "host = 'outlet.example'\npage = 'a.html'\n"
RULE = "[[rule]]\nname = 'ours'\nwhere = 'tail'\npattern = 'Ours'\nreason = 'It is not the article.'\n"


@pytest.mark.parametrize("own", HOSTS)
def test_the_rules_of_a_host_take_from_its_saved_page_what_nothing_else_takes(own: HostRules) -> None:
    tree = trafilatura.load_html((CHECKOUT / own.page).read_bytes())
    lines = body_lines(tree)
    places = read_places(tree, lines)
    shared, with_own = (clean(lines, places=places, host=host) for host in ("other.example", own.host))
    assert {line.rule for line in with_own.removed} >= {rule.name for rule in own.rules}
    assert not {line.rule for line in shared.removed} & {rule.name for rule in own.rules}
    assert not {line.rule for line in with_own.removed} & own.disable
    assert shared.text != with_own.text


def test_a_rule_of_a_host_holds_nowhere_else() -> None:
    lines = ["The envoys spoke for an hour about the winter that lies ahead.", "Ours"]
    rules = read_catalogue(hosts=[FILE + RULE])
    assert clean(lines, host="outlet.example", rules=rules).text == lines[0]
    assert clean(lines, host="www.outlet.example", rules=rules).text == lines[0]
    assert clean(lines, host="other.example", rules=rules).text == "\n".join(lines)
    assert clean(lines, rules=rules).text == "\n".join(lines)


def test_an_optional_rule_is_off_until_a_host_switches_it_on() -> None:
    lines = ["The envoys spoke for an hour about the winter that lies ahead.", "Ours"]
    optional = RULE + "class = 'optional'\n"
    rules = read_catalogue(optional, hosts=[FILE + "enable = ['ours']\n"])
    assert clean(lines, host="other.example", rules=rules).text == "\n".join(lines)
    cleaned = clean(lines, host="outlet.example", rules=rules)
    assert cleaned.text == lines[0]
    assert cleaned.removed[0].rule_class == "optional"


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("page = 'a.html'", "name"),
        ("host = 'Outlet.example'\npage = 'a.html'", "small letters"),
        ("host = 'www.outlet.example'\npage = 'a.html'", "without www"),
        ("host = 'outlet.example'", "no saved page"),
        (FILE + "colour = 'red'", "unknown keys: colour"),
        (FILE + "disable = ['nothing']", "there are not: nothing"),
    ],
)
def test_a_malformed_file_of_a_host_is_told(toml: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_catalogue(hosts=[toml])


def test_two_files_of_one_host_are_refused() -> None:
    with pytest.raises(ValueError, match="one host"):
        read_catalogue(hosts=[FILE, FILE])


def test_the_version_changes_with_the_rules_of_any_host() -> None:
    assert read_catalogue(hosts=[FILE]).version != read_catalogue(hosts=[FILE + RULE]).version
