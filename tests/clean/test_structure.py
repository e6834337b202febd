"""What the markup says of each line: links, surroundings, copies; and that it is only evidence."""

import time

from lxml import html

from pipeline.clean.structure import Place, read_places

PROSE = "<p>The envoys spoke for an hour about the winter that lies ahead of them all.</p>" * 3


def place_of(line: str, markup: str, address: str = "https://outlet.example/2024/cables") -> Place:
    tree = html.fromstring(f"<html><body>{PROSE}{markup}</body></html>")
    before = html.tostring(tree)
    lines = [text for text in [html.fromstring(PROSE).text_content()[:74], line] if text]
    [_, place] = read_places(tree, lines, address)
    assert place is not None, "no node fits the line"
    assert html.tostring(tree) == before
    return place


def test_the_share_of_a_line_inside_links_counts_its_characters():
    place = place_of("More on the cables", "<p>More on <a href='/a'>the cables</a></p>")
    assert place.element == "p"
    assert round(place.links, 2) == 0.6
    assert place.is_own_site


def test_a_link_around_the_line_makes_all_of_it_a_link():
    place = place_of("Cables cut", "<a href='https://www.outlet.example/b'><h3>Cables <b>cut</b></h3></a>")
    assert (place.element, place.links, place.is_own_site) == ("h3", 1.0, True)


def test_a_link_to_another_site_or_to_a_mailbox_is_not_the_sites_own():
    assert not place_of(
        "Cables cut", "<p><a href='https://elsewhere.example/b'>Cables cut</a></p>"
    ).is_own_site
    assert not place_of("Write to us", "<p><a href='mailto:a@outlet.example'>Write to us</a></p>").is_own_site
    assert not place_of("Cables cut", "<p><a href='#top'>Cables cut</a></p>").is_own_site


def test_an_anchor_without_a_target_is_no_link():
    assert place_of("Cables cut", "<a name='x'><p>Cables cut</p></a>").links == 0


def test_a_list_of_links_is_told_from_a_list_of_words():
    links = "<ul><li><a href='/a'>Cables cut</a></li><li><a href='/b'>Ferries late</a></li></ul>"
    words = "<ul><li>Cables cut</li><li>See <a href='/b'>ferries</a></li></ul>"
    assert "link-list" in place_of("- Cables cut", links).within
    assert "link-list" not in place_of("- Cables cut", words).within


def test_roles_elements_and_the_markup_of_known_widgets_tell_what_a_line_stands_in():
    assert "consent" in place_of("Allow", "<div role='dialog'><p>Allow</p></div>").within
    assert "consent" in place_of("Allow", "<div id='onetrust-banner-sdk'><p>Allow</p></div>").within
    assert "share" in place_of("Pass on", "<div class='addtoany_share'><p>Pass on</p></div>").within
    assert "related" in place_of("Cables", "<div class='jp-relatedposts'><p>Cables</p></div>").within
    assert "figure" in place_of("The hall", "<figure><figcaption>The hall</figcaption></figure>").within
    assert "nav" in place_of("World", "<nav><p>World</p></nav>").within
    assert place_of("Nothing", "<div class='story-text'><p>Nothing</p></div>").within == frozenset()


def test_what_holds_most_of_the_text_is_the_texts_own_box_whatever_it_is_called():
    tree = html.fromstring(
        f"<html><body><form><div class='newsletter-box'>{PROSE}<p>Cables</p></div></form></body></html>"
    )
    line = "The envoys spoke for an hour about the winter that lies ahead of them all."
    places = read_places(tree, [line, line, line, "Cables"])
    assert all(place is not None and place.within == frozenset() for place in places)


def test_of_several_nodes_only_what_is_true_of_each_is_said():
    markup = "<h1>Cables cut</h1><aside><p><a href='/b'>Cables cut</a></p></aside>"
    place = place_of("Cables cut", markup)
    assert (place.copies, place.links, place.within) == (2, 0.0, frozenset())


def test_the_path_is_short_and_leaves_out_names_that_are_made_up_anew():
    place = place_of(
        "Cables", "<main><div class='css-1x9k2 story'><section><p>Cables</p></section></div></main>"
    )
    assert place.path == "main>div.story>section>p"


def test_a_line_that_no_node_fits_has_no_place():
    tree = html.fromstring(f"<html><body>{PROSE}</body></html>")
    assert read_places(tree, ["Two nodes, joined", ""]) == [None, None]


def test_white_space_and_inline_markup_make_no_difference():
    assert place_of("Cables are cut", "<p>Cables\n  <b>are</b>\u00a0cut</p>").element == "p"


def test_a_page_of_many_thousand_blocks_does_not_hold_it_up():
    tree = html.fromstring("<html><body>" + "<div><p>Cables</p></div>" * 30_000 + "</body></html>")
    start = time.process_time()
    read_places(tree, ["Cables", "Nowhere"])
    assert time.process_time() - start < 2
