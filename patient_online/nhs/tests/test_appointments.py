"""The strings that national appointment figures are compared by."""

from patient_online.nhs.appointments import Mode, NationalCategory


def test_the_ways_to_meet_are_four() -> None:
    assert [mode.value for mode in Mode] == ["in-person", "telephone", "video", "home-visit"]


def test_the_national_categories_are_the_published_words() -> None:
    assert {category.value for category in NationalCategory if category.is_mapped} == {
        "General Consultation Acute",
        "General Consultation Routine",
        "Unplanned Clinical Activity",
        "Clinical Triage",
        "Walk-in",
        "Home Visit",
        "Care Home Visit",
        "Patient contact during Care Home Round",
        "Care Home Needs Assessment & Personalised Care and Support Planning",
        "Planned Clinics",
        "Planned Clinical Procedure",
        "Structured Medication Review",
        "Social Prescribing Service",
        "Group Consultation and Group Education",
        "Service provided by organisation external to the practice",
        "Non-contractual chargeable work",
    }


def test_two_published_words_say_that_nobody_mapped_the_slot() -> None:
    unmapped = {category.value for category in NationalCategory if not category.is_mapped}
    assert unmapped == {"Inconsistent Mapping", "Unmapped"}
