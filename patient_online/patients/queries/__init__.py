"""What may be seen of a patient's details."""

from patient_online.patients.queries.finding import (
    MOST_FOUND,
    find_patients,
    own_details,
    patient_seen,
    patients_of,
    telephone_of,
)

__all__ = ["MOST_FOUND", "find_patients", "own_details", "patient_seen", "patients_of", "telephone_of"]
