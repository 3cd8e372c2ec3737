"""What can happen to a task: it is put on the list, taken, given, put back, settled or withdrawn; and to cover."""

from patient_online.tasks.actions.covering import cover, take_back_cover
from patient_online.tasks.actions.listing import put, settle, withdraw, withdraw_all_of
from patient_online.tasks.actions.owning import give, give_up, give_up_all, put_back, take
from patient_online.tasks.actions.telling import tell_of_overdue

__all__ = [
    "cover",
    "give",
    "give_up",
    "give_up_all",
    "put",
    "put_back",
    "settle",
    "take",
    "take_back_cover",
    "tell_of_overdue",
    "withdraw",
    "withdraw_all_of",
]
