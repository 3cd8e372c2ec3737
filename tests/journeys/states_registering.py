"""The pages of the registration desk, of linking with a letter, and of a first booking without one."""

from tests.journeys.cast import Cast
from tests.journeys.state import State, presses, wrong
from tests.journeys.visitors import Visitor

DESK = "/practice/patients/{patient}/online"
LETTER = DESK + "/letters/new/{check}"
TYPED = {"account_ref": "123 456 7890", "ods_code": "ZZ999", "key": "K7QM-2X9D-0ABC", "family_name": "Nobody"}
BORN = {"birth_date_day": "1", "birth_date_month": "1", "birth_date_year": "1980"}


def gives_nothing(visitor: Visitor, cast: Cast) -> None:
    """Make a letter that gives nothing."""
    visitor.page.get_by_label("No", exact=True).first.check()
    visitor.presses("Make the letter")


REGISTERING = [
    State("access:online", DESK, who="manager"),
    State("access:online", DESK + "?said=shown-before", who="manager", called="when the letter was shown before"),
    State("access:check", DESK + "/check", who="manager"),
    wrong("access:check", DESK + "/check", presses("Continue"), "left empty", "manager"),
    State("access:check_seen", DESK + "/check/documents", who="manager"),
    wrong("access:check_seen", DESK + "/check/documents", presses("Continue"), "with nothing seen", "manager"),
    State("access:check_seen", DESK + "/check/vouched-record", who="manager", called="with questions"),
    wrong("access:check_seen", DESK + "/check/vouched-remote", presses("Continue"), "unanswered", "manager"),
    State("access:linkage_letter", LETTER, who="manager"),
    State("access:linkage_letter", LETTER, "manager", presses("Make the letter"), "printed"),
    State("access:take_back_letter", DESK + "/letters/{linkage_letter}/take-back", who="manager"),
    State("access:end_claim", "/practice/claims/{claim}", who="manager"),
    State("access:way_back", DESK + "/accounts/{own_link}/way-back", who="manager"),
    State("access:vouchers", "/practice/vouching", who="manager"),
    State("access:vouchers", "/practice/vouching", "manager", presses("Save"), "just saved"),
    State("access:link", "/link"),
    State("access:link", "/link", who="nobody", called="linked to no patient"),
    wrong("access:link", "/link", presses("Link my account"), "left empty", "nobody"),
    wrong("access:link", "/link", presses("Link my account", **TYPED, **BORN), "with no such letter", "nobody"),
    State("access:linked", "/linked"),
    State("access:claim", "/claim", who="nobody"),
    State("access:claim", "/claim", "nobody", presses("Find my practice", q="surgery"), "found"),
    State("access:claim", "/claim", "nobody", presses("Find my practice", q="nowhere"), "found none"),
    wrong("access:claim", "/claim", presses("Find my practice"), "left empty", "nobody"),
    State("access:claim_at", "/claim/{ods}", who="nobody"),
    wrong("access:claim_at", "/claim/{ods}", presses("Send"), "left empty", "nobody"),
    State("access:claimed", "/claim/sent", who="nobody"),
]
