"""The storage app: grants its tables' rights after each migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StorageConfig(AppConfig):
    """How rows are kept."""

    name = "patient_online.storage"
    label = "storage"

    def ready(self) -> None:
        """Grant the application's role its rights once the schema has changed."""
        from patient_online.storage import checks  # noqa: F401 - registers the check
        from patient_online.storage.grants import grant_after_migrate

        post_migrate.connect(grant_after_migrate, dispatch_uid="storage.grants")
