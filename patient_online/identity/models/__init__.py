"""What is true of people who sign in."""

from patient_online.identity.models.account import Account, new_sign_in_name
from patient_online.identity.models.guarding import GuessBucket, KnownDevice, WayIn
from patient_online.identity.models.nhs_login import NhsLogin, SpentToken

__all__ = ["Account", "GuessBucket", "KnownDevice", "NhsLogin", "SpentToken", "WayIn", "new_sign_in_name"]
