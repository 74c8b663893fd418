from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal import celery, checks  # noqa: F401 - tasks are sent by that application; checks register
        from portal.migrating import quicken_migrations

        quicken_migrations()
