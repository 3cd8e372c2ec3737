"""Who may change who works at a practice and in which role. Plain Python."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from patient_online.asking import Role
from patient_online.refusals import N_, Owner, Refusal

KEEPERS = (Role.MANAGER, Role.ADMINISTRATOR)  # who may change who works at the practice
ROLES: dict[Role, tuple[str, str]] = {
    Role.RECEPTIONIST: (N_("Receptionist"), N_("books for patients, marks the day, prints letters, registers people")),
    Role.DISPENSER: (N_("Dispenser"), N_("dispenses medicines; sees no patient in this version")),
    Role.NURSE: (N_("Nurse"), N_("sees the day, books for patients")),
    Role.GP: (N_("GP"), N_("sees the day, books for patients, protects records")),
    Role.MANAGER: (N_("Manager"), N_("decides what is online and how, and who works here")),
    Role.GOVERNANCE: (N_("Information governance lead"), N_("sees who opened a protected record, and why")),
    Role.ADMINISTRATOR: (N_("Administrator"), N_("adds staff and changes their roles; sees no patient")),
}


class NotStaffed(Refusal):
    """Why somebody's place at a practice stays as it is."""

    OWN_ROLES = (
        N_("Nobody can change their own roles or end their own work here. Nothing was changed."),
        N_("Ask another manager or administrator of the practice to do it."),
        Owner.SYSTEM,
    )
    LAST_KEEPER = (
        N_("This is the last person who can add staff and change roles. Nothing was changed."),
        N_("First give somebody else who signs in the role of manager or administrator."),
        Owner.SYSTEM,
    )
    HAS_LEFT = (
        N_("This person does not work at the practice any more. Nothing was changed."),
        N_("If they are back, choose “They work here again” first."),
        Owner.SYSTEM,
    )
    STILL_HERE = (
        N_("This person works at the practice already. Nothing was changed."),
        N_("Look at the list of staff again."),
        Owner.SYSTEM,
    )
    CHANGED = (
        N_("Somebody else has changed this person's roles since you opened this page. Nothing was changed."),
        N_("Look at what stands here now, and change it again if it is still needed."),
        Owner.SYSTEM,
    )
    DAY_IS_OVER = (
        N_("This day is over, or before their first day."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )
    CANNOT_SIGN_IN = (
        N_("This person cannot be given a way to sign in: they have one, or have left. Nothing was changed."),
        N_("If they have forgotten how, the sign-in page says what to do."),
        Owner.SYSTEM,
    )
    INVITATION_OVER = (
        N_("This invitation is not for this account, has been used, or is over."),
        N_("Ask the practice to send another one."),
        Owner.PRACTICE,
    )


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What is known of somebody's place: is it the asker's own, is it over, does anybody else keep the staff."""

    own: bool
    over: bool
    others_keep: bool


def why_not_changed(facts: PlaceFacts, *, before: Collection[Role], after: Collection[Role]) -> NotStaffed | None:
    """Why somebody's roles cannot become these, or None."""
    if facts.over:
        return NotStaffed.HAS_LEFT
    if set(before) == set(after):
        return None
    if facts.own:
        return NotStaffed.OWN_ROLES
    return _why_not_without(facts) if keeps(before) and not keeps(after) else None


def why_not_left(facts: PlaceFacts, *, day: date, today: date, since: date, roles: Collection[Role]) -> Refusal | None:
    """Why somebody cannot leave from the day on, or None."""
    if facts.over:
        return NotStaffed.HAS_LEFT
    if facts.own:
        return NotStaffed.OWN_ROLES
    if day < max(today, since):
        return NotStaffed.DAY_IS_OVER
    return _why_not_without(facts) if keeps(roles) else None


def keeps(roles: Collection[Role]) -> bool:
    """Whether one of the roles may change who works at the practice."""
    return not set(KEEPERS).isdisjoint(roles)


def _why_not_without(facts: PlaceFacts) -> NotStaffed | None:
    return None if facts.others_keep else NotStaffed.LAST_KEEPER
