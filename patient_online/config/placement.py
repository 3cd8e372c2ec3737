"""Where the tables live that are not ours, so that each table of the database has a place (house §8)."""

from patient_online.storage.placement import Placement

# By model, as Django writes its label. None of them is asked in a patient's request but the e-mail addresses.
MODELS = {
    "auth.permission": Placement.LOCAL,
    "auth.group": Placement.LOCAL,
    "auth.group_permissions": Placement.LOCAL,
    "contenttypes.contenttype": Placement.LOCAL,
    "procrastinate.procrastinateworker": Placement.LOCAL,
    "procrastinate.procrastinatejob": Placement.LOCAL,
    "procrastinate.procrastinateevent": Placement.LOCAL,
    "procrastinate.procrastinateperiodicdefer": Placement.LOCAL,
    "mfa.authenticator": Placement.ACCOUNT,
    "account.emailaddress": Placement.ACCOUNT,
    "account.emailconfirmation": Placement.ACCOUNT,
}

# By name, where no model stands for the table.
TABLES = {
    "django_migrations": Placement.LOCAL,
    "identity_guesses": Placement.ACCOUNT,  # the cache's: how often somebody has guessed a password
}
