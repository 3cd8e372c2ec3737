"""Does somebody of the practice decide about themselves? Nobody does: a colleague sees to it."""

from patient_online.refusals import N_, Owner, Refusal


class NotByOneself(Refusal):
    """Why a member of staff did not do something for the patient whom they are themselves."""

    ONESELF = (
        N_("This is about you. Nobody here decides about their own online access, letters or record."),
        N_("Ask a colleague to do it."),
        Owner.PRACTICE,
    )
