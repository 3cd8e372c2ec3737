"""The pages of messages out: what is stuck, letters, the inbox, and how a patient is told."""

from tests.journeys.state import State, chooses_and_saves, presses, wrong

CODE = "/practice/details/contact/text/code"
MESSAGES = [
    State("access:messages", "/practice/messages", who="manager"),
    State("access:messages", "/practice/messages", who="gp", called="for another role"),
    State("access:try_again", "/practice/messages/{not_sent}/try-again", who="manager"),
    State("access:stop_message", "/practice/messages/{not_sent}/do-not-send", who="manager"),
    State("access:print_instead", "/practice/messages/{not_sent}/print", who="manager"),
    State("access:letters", "/practice/letters", who="manager"),
    State("access:print_letters", "/practice/letters/print", who="manager"),
    State("access:printed", "/practice/letters/print", "manager", presses("Mark them as printed"), "to be confirmed"),
    State("access:not_printed", "/practice/letters/not-printed", who="manager"),
    State("access:inbox", "/messages"),
    State("access:inbox", "/messages", who="femi", called="with nothing in it"),
    State("access:message", "/messages/{letter}"),
    State("access:contact", "/practice/details/contact"),
    wrong("access:contact", "/practice/details/contact", chooses_and_saves("Email"), "without an address"),
    State("access:contact_change", "/practice/details/contact/email"),
    wrong("access:contact_change", "/practice/details/contact/text", presses("Save", telephone="mine"), "not a number"),
    State("access:contact", "/practice/details/contact", who="femi", called="with a new number that waits"),
    State("access:contact_code", CODE),
    State("access:contact_code", CODE, who="femi", called="with a code on its way"),
    wrong("access:contact_code", CODE, presses("Confirm", code="12"), "too short", "femi"),
    State("access:needs", "/practice/patients/{patient}/needs", who="manager"),
    wrong("access:needs", "/practice/patients/{patient}/needs", presses("Save", email="me@"), "no address", "manager"),
]
