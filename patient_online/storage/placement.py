"""Where a model's rows live (house §8)."""

from enum import StrEnum


class Placement(StrEnum):
    """How a table is spread when the database outgrows one machine."""

    PRACTICE = "practice"  # distributed by practice; every key includes it
    ACCOUNT = "account"  # kept together on one node; found by account or session alone
    REFERENCE = "reference"  # copied to every node; small and rarely written
    LOCAL = "local"  # on the coordinator only; never joined in a request
