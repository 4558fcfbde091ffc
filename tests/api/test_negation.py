"""No money moves and nothing is cancelled, called back or changed on a word that forbids it, asks about it or makes it hang on what is to
come; and what is plainly asked for still happens at once."""
import re

import pytest

from test_cancel_address_delay import MOVING, SENT, UNSENT, Shelf, code, option, scan, steps_of, text_of
from test_suggestions import ask

MOVES = {"issue_refund", "recall_parcel", "send_return_label", "ship_replacement", "update_address"}
TELLS = re.compile(r"[Ww]e are (cancelling|refunding|sending your order .* to your new address)|please (refuse|do not collect)|refunding you"
                   r"|your refund is|is on its way back to you")
LATE = {"promised_by": "2026-02-20"}
HELD = [scan("2026-02-27T06:30:00Z", "customs_held", "Chicago", "US", "Held by customs")]

CASES = {
    "unsent": (UNSENT, None, []),
    "sent": ({}, SENT | {"free_return": True}, MOVING),
    "late": ({}, LATE, MOVING),
    "grace": ({}, {"promised_by": "2026-02-27"}, MOVING),
    "held": ({}, SENT, HELD),
}
REFUSED = [
    "Please do not cancel it, I am waiting for it.", "DON'T CANCEL!!", "I cancelled by accident, I still want the dress.",
    "If it has not moved by Thursday I will cancel.", "I never wanted to cancel, why was it cancelled?", "No refund please, just the dress.",
    "I don't want my money, I want my dress!", "Ignore my cancellation please.", "I changed my mind about cancelling.",
    "Unless it comes this week I want my money back.", "Don't refund me, send another one.", "Keep my order, please."]
ASKED = ["How can I cancel?", "Should I ask for my money back or wait a little?", "What happens if I cancel?"]
WANTED = ["Cancel it.", "I don't want it any more, refund me.", "no, cancel!", "Why not just refund me?"]
FITS = {"unsent": "not_shipped_yet", "sent": "in_transit_on_time", "late": "overdue_tracked", "grace": "overdue_grace"}


@pytest.fixture(scope="module")
def numbers(client):
    shelf = Shelf(client)
    return {name: shelf.put(*case)[0] for name, case in CASES.items()}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_does_not_happen(client, numbers, case, text):
    found = ask(client, text, numbers[case])
    assert not MOVES & set(steps_of(found)), (code(found), found["resolution"])
    assert not TELLS.search(text_of(found)), text_of(found)
    assert "low_confidence" in found["review_reasons"]
    assert code(found) == FITS.get(case, code(found))
    assert not code(found).startswith(("cancel", "unwanted")), code(found)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("text", ASKED)
def test_what_is_only_asked_does_not_happen(client, numbers, case, text):
    found = ask(client, text, numbers[case])
    assert not (MOVES - {"send_return_label"}) & set(steps_of(found)), (code(found), found["resolution"])
    assert not re.search(r"[Ww]e are (cancelling|refunding)", text_of(found)), text_of(found)
    assert found["needs_review"]


def test_how_to_cancel_is_told(client, numbers):
    found = ask(client, "How can I cancel?", numbers["unsent"])
    assert code(found) == "cancel_before_shipment" and "answer “cancel”" in text_of(found) and "39.90" in text_of(found)
    assert option(found, "full_refund")["amount"] == {"amount": "39.90", "currency": "USD"}


@pytest.mark.parametrize("text", ["Cancel one of the two dresses and send the other.", "Please cancel just the red dress, keep the rest.",
                                  "I'd like to cancel the blue one"])
def test_a_part_is_no_whole(client, numbers, text):
    found = ask(client, text, numbers["unsent"])
    assert code(found) == "cancel_before_shipment" and option(found, "full_refund")["amount"] is None
    assert "issue_refund" not in steps_of(found) and found["needs_review"]
    assert "Which items" in text_of(found) and "39.90" not in text_of(found)


@pytest.mark.parametrize("text", WANTED)
def test_what_is_wanted_happens(client, numbers, text):
    found = ask(client, text, numbers["unsent"])
    assert code(found) == "cancel_before_shipment" and "issue_refund" in steps_of(found) and "We are cancelling" in text_of(found)
    found = ask(client, text, numbers["late"])
    assert code(found) == "overdue_tracked" and "issue_refund" in steps_of(found)


def test_an_address_that_shall_stay_stays(client, numbers):
    found = ask(client, "Please don't change the address, I was mistaken. Keep 7 Mill Lane.", numbers["unsent"])
    assert code(found) == "not_shipped_yet" and "address" not in text_of(found)


@pytest.mark.parametrize("text", ["No refund, please resend it.", "It never came, please send me a new one."])
def test_who_wants_it_sent_again_is_heard(client, numbers, text):
    found = ask(client, text, numbers["late"])
    assert code(found) == "overdue_tracked" and found["resolution"]["options"][0]["action"] == "reship"
    assert not MOVES & set(steps_of(found))
