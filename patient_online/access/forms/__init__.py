"""What is typed about access: where and how patients are reached, who works here, who may use what."""

from patient_online.access.forms.contact import CodeForm, EmailForm, NeedsForm, PatientNeedsForm, TelephoneForm

__all__ = ["CodeForm", "EmailForm", "NeedsForm", "PatientNeedsForm", "TelephoneForm"]
