"""Renewing: another master key for everything, so that old backups of the vault die with the old one; another key of the log."""

from __future__ import annotations

from collections.abc import Callable

from explainer.errors import BadSettings
from explainer.ledger.canonical import encode
from explainer.ledger.erasure import ROTATION
from explainer.ledger.keys.master import MasterKey, change_master_key
from explainer.ledger.store import SYSTEM, Draft, Terms
from explainer.service.wiring import ACTIVATION, LOG_SECRETS, Services

DAYS = 31  # after which the master key is due to be changed: backups are to die within 60


def rotate(by: str, services: Services, tell: Callable[[int], None] = lambda _done: None) -> int:
    """Change the master key and say so in the ledger; interrupted and begun again, it goes on.

    Every process may go on working meanwhile: each finds the key that comes next beside
    the one it knows.

    Args:
        tell: told how many keys are done, now and then.

    Returns:
        How many data keys were wrapped anew.

    Raises:
        BadSettings: the key is in the environment and the next one is not; a key's file cannot be written.
        EntryTampered: a data key does not open; those after it are as they were.
    """
    settings = services.settings
    if not settings.master_key:
        count = change_master_key(settings.master_key_path, lambda fresh: services.vault.rewrap(fresh, tell))
    elif settings.master_key_next:
        count = services.vault.rewrap(MasterKey.from_text(settings.master_key_next), tell)
    else:
        raise BadSettings("EXPLAINER_MASTER_KEY_NEXT: set it to the key that comes next, for every process, and start them again")
    body = encode({"v": 1, "keys": count, "by": by})
    services.ledger.append(Draft(services.new_id(), ROTATION, services.clock(), SYSTEM, body, Terms()))
    return count


def overdue(services: Services) -> int | None:
    """For how many days the master key has been in force, when that is longer than a month; None: it is not.

    As long as it is, every backup of the vault opens what was erased since.
    """
    changed = next(services.ledger.newest_first(ROTATION), None)
    since = changed.at if changed else min((one.at for one in services.ledger.newest_first(ACTIVATION)), default=services.clock())
    days = (services.clock() - since).days
    return days if days > DAYS else None


def change_log_key(by: str, services: Services) -> str:
    """Let another key sign the checkpoints from now on; interrupted and begun again, it goes on.

    The key before it hands over in the next checkpoint, and every process signs with the
    new one from there.

    Returns:
        The new key, to be pinned.

    Raises:
        Unavailable, Forked, EntryTampered: as `Sealer.seal`; the key is announced, and a later round hands over.
    """
    keys, sealer = services.log_keys, services.sealer()
    keys.refresh()
    if not keys.unannounced():
        services.vault.keep(f"{LOG_SECRETS}{len(services.vault.kept(LOG_SECRETS)) + 2}")
        keys.refresh()
    sealer.announce(by)
    while not sealer.seal().complete:
        pass
    return services.log_key.public.text
