"""The kinds of slot in the made-up practice's book: raw names as practices have them, and words for patients."""

from dataclasses import dataclass

from patient_online.appointments.models import SlotType
from patient_online.demo.ids import Ids
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.refusals import N_

CATEGORY = NationalCategory


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of slot; without `label` patients are never offered it."""

    name: str
    minutes: int
    mode: Mode = Mode.IN_PERSON
    label: str = ""
    guidance: str = ""
    category: str = ""
    joins_up_to: int = 1


GP = Kind(
    "GP RTN F2F 10",
    10,
    label=N_("GP appointment"),
    guidance=N_("For a problem that can wait a few days. Choose a double appointment if you have two problems."),
    category=CATEGORY.GENERAL_CONSULTATION_ROUTINE,
    joins_up_to=2,
)
GP_TELEPHONE = Kind(
    "GP TEL 10 RTN",
    10,
    Mode.TELEPHONE,
    label=N_("GP telephone appointment"),
    guidance=N_("The GP rings you within half an hour of the time. Not for something that needs to be looked at."),
    category=CATEGORY.GENERAL_CONSULTATION_ROUTINE,
)
GP_VIDEO = Kind(
    "VID-GP 15",
    15,
    Mode.VIDEO,
    label=N_("GP video appointment"),
    guidance=N_("We text you a link. You need a telephone or computer with a camera."),
    category=CATEGORY.GENERAL_CONSULTATION_ROUTINE,
)
GP_SAME_DAY = Kind(
    "GP ACUTE OTD (rel 0800)",
    10,
    label=N_("GP appointment on the day"),
    guidance=N_("For a new problem that cannot wait. Released at 8am for the same day."),
    category=CATEGORY.GENERAL_CONSULTATION_ACUTE,
)
MINOR_ILLNESS = Kind(
    "ANP MINOR ILL 15",
    15,
    label=N_("Minor illness with a nurse practitioner"),
    guidance=N_("For coughs, sore throats, rashes, earache and infections. The nurse can prescribe."),
    category=CATEGORY.GENERAL_CONSULTATION_ACUTE,
)
SMEAR = Kind(
    "PN SMEAR 20 *F ONLY*",
    20,
    label=N_("Cervical screening"),
    guidance=N_("For when you have had your invitation. It is always done by a woman."),
    category=CATEGORY.PLANNED_CLINICAL_PROCEDURE,
)
BLOOD_TEST = Kind(
    "PN/HCA BLOODS 10",
    10,
    label=N_("Blood test"),
    guidance=N_("Only when a clinician has asked for one."),
    category=CATEGORY.PLANNED_CLINICAL_PROCEDURE,
)
REVIEW = Kind(
    "PN LTC REV 20",
    20,
    label=N_("Yearly review with the nurse"),
    guidance=N_("For asthma, COPD, diabetes, heart disease or high blood pressure, when we have asked you to come."),
    category=CATEGORY.PLANNED_CLINICS,
)
PHYSIO = Kind(
    "FCP MSK 20",
    20,
    label=N_("Physiotherapist"),
    guidance=N_("For pain in your back, joints or muscles. You do not need to see a GP first."),
    category=CATEGORY.GENERAL_CONSULTATION_ROUTINE,
)
FLU = Kind(
    "FLU CLINIC 65+ / AT RISK",
    30,
    label=N_("Flu vaccination"),
    guidance=N_("For everybody who is 65 or over, and for those whom we have invited. It takes a few minutes."),
    category=CATEGORY.PLANNED_CLINICS,
)
# These two have no words, so they cannot be booked online: one is no appointment at all, the other is for triage.
CATCH_UP = Kind("CATCH-UP DO NOT BOOK", 10)
DUTY = Kind("DUTY DR - TRIAGE ONLY", 10, Mode.TELEPHONE, category=CATEGORY.CLINICAL_TRIAGE)

KINDS = (
    GP,
    GP_TELEPHONE,
    GP_VIDEO,
    GP_SAME_DAY,
    MINOR_ILLNESS,
    SMEAR,
    BLOOD_TEST,
    REVIEW,
    PHYSIO,
    FLU,
    CATCH_UP,
    DUTY,
)


def the_slot_types(ids: Ids) -> dict[str, SlotType]:
    """The practice's slot types by their name in the book."""
    return {
        kind.name: SlotType(
            practice_id=ODS_CODE,
            id=ids(),
            name=kind.name,
            label=kind.label,
            guidance=kind.guidance,
            national_category=kind.category,
            joins_up_to=kind.joins_up_to,
        )
        for kind in KINDS
    }
