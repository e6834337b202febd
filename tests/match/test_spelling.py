import pytest

from pipeline.match.spelling import fold_spelling

PAIRS = """defence defense|defences defenses|organisation organization|organised organized|destabilise destabilize
colour color|labour labor|neighbours neighbors|favourable favorable|behaviour behavior|armoured armored|honour honor
centre center|centred centered|theatres theaters|fibre fiber|kilometres kilometers|travelled traveled|signalling signaling
cancelled canceled|labelled labeled|modelling modeling|analyse analyze|analysed analyzed|catalogue catalog|dialogues dialogs
programme program|judgement judgment|manoeuvres maneuvers|manoeuvring maneuvering|sceptical skeptical|licence license
offences offenses|practise practice|grey gray|tyres tires|towards toward|whilst while|ageing aging|fulfil fulfill
haemorrhage hemorrhage|paediatric pediatric|anaesthetic anesthetic|enrolment enrollment
fulfilment fulfillment|fuelled fueled|fuelling fueling|councillor councilor|counsellors counselors|mobilisation mobilization"""


@pytest.mark.parametrize("pair", PAIRS.replace("\n", "|").split("|"))
def test_the_british_and_the_american_spelling_fold_together(pair):
    british, american = pair.split()
    assert fold_spelling(british) == fold_spelling(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("four", "for"),
        ("hour", "hor"),
        ("our", "or"),
        ("rise", "rice"),
        ("three", "there"),
        ("wise", "wide"),
        ("щит", "щить"),
    ],
)
def test_different_words_do_not_fold_together(one, other):
    assert fold_spelling(one) != fold_spelling(other)
