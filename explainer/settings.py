"""Settings: everything an operator can choose, read once from EXPLAINER_* variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvError, EnvValidationError

from explainer.errors import BadSettings

PREFIX = "EXPLAINER_"
CASE_NUMBER, NO_FACTOR = "case_number", "none"  # what the door of a letter asks for besides its link
# As browsers write an origin: never the usual port, a path, a wildcard or a name with a password.
ORIGIN = re.compile(
    r"(?:https://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?!:443$)|http://(?:localhost|127\.0\.0\.1|\[::1\])(?!:80$))(?::[1-9][0-9]{0,4})?"
)


def _setting(default: Any, about: str, least: int | None = None, most: int | None = None) -> Any:
    return field(default=default, metadata={"about": about, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment's choices; every field is the variable EXPLAINER_<FIELD>."""

    home: Path = _setting(Path("var"), "where releases, the SQLite databases and the master key live")
    models: Path = _setting(Path("models"), "where the packs are")
    database_url: str = _setting("", "ledger database; empty: SQLite in the home folder; production: postgresql://…")
    vault_url: str = _setting("", "database of the customers' keys; empty: beside the ledger")
    master_key: str = _setting("", "master key, base64; empty: read from the file")
    master_key_file: str = _setting("", "file with the master key, mode 0600; empty: master.key in the home folder")
    master_key_next: str = _setting("", "the master key that comes next, base64, while `explainer vault rotate` works with it")
    retention_months: int = _setting(
        36,
        "how long what no pack sets a time for is kept, from the end of its year, until `explainer customers expire`",
        6,
        1_200,
    )
    base_url: str = _setting("", "how people reach this service, for links; empty: taken from the request")
    host: str = _setting("127.0.0.1", "address that `explainer serve` listens on")
    port: int = _setting(8080, "port that `explainer serve` listens on", 1, 65_535)
    threads: int = _setting(8, "requests answered at the same time by one process", 1, 1_000)
    workers: int = _setting(1, "processes; more than one needs PostgreSQL", 1, 256)
    silence_seconds: int = _setting(60, "how long a bulk stream may be silent before it is let go", 1, 3_600)
    body_limit: int = _setting(262_144, "largest request body, bytes", 1_024, 2**30)
    link_hours: int = _setting(24, "how long a signed link to a panel opens it, at least (rounded up to whole days)", 1, 720)
    letter_days: int = _setting(
        30, "days that a signed link to a letter opens it, at least; up to 30 of them where the customer can contest longer", 1, 30
    )
    letter_factor: str = _setting(
        CASE_NUMBER,
        "what a customer types besides opening the link to a letter: `case_number`; `none` where your portal knows who comes",
    )
    oidc_issuer: str = _setting("", "address of your OpenID Connect sign-in, whose tokens people may send; empty: nobody's")
    oidc_audience: str = _setting("", "whom those tokens must be for: what your sign-in calls this service")
    oidc_roles_claim: str = _setting("roles", "claim of those tokens that lists a person's roles here; `integrator` is not taken")
    panel_origins: str = _setting("", "origins of desktops that may embed panels, such as https://desktop.example; commas between")
    witness: str = _setting(
        "",
        "who remembers the ledger's heads elsewhere: folders, or addresses of witnesses with #KEY; commas between; empty: nobody",
    )
    table_megabytes: int = _setting(
        256, "memory that a release's attribution tables may take; larger ones are summed case by case", 0, 65_536
    )
    real_data: str = _setting("", "folder with public data sets that packs may name; empty: none")

    @property
    def desktops(self) -> tuple[str, ...]:
        """Origins of the desktops that may embed panels."""
        return tuple(one.strip() for one in self.panel_origins.split(",") if one.strip())

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Who remembers the ledger's heads elsewhere."""
        return tuple(one.strip() for one in self.witness.split(",") if one.strip())

    @property
    def ledger_database(self) -> str:
        """URL of the ledger's database."""
        return self.database_url or f"sqlite:///{(self.home / 'ledger.sqlite3').absolute()}"

    @property
    def vault_database(self) -> str:
        """URL of the vault's database: a store of its own, so that a backup of the log holds no keys."""
        return self.vault_url or self.database_url or f"sqlite:///{(self.home / 'vault.sqlite3').absolute()}"

    @property
    def master_key_path(self) -> Path:
        """Where the master key is read from when it is not in the environment."""
        return Path(self.master_key_file) if self.master_key_file else self.home / "master.key"


def read_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        BadSettings: naming every variable that is unknown, cannot be read or is out of its range.
    """
    env = Env(eager=False, prefix=PREFIX)
    values = {one.name: _reader(env, one.type)(one.name.upper(), default=one.default) for one in fields(Settings)}
    mistakes = _unknown()
    try:
        env.seal()
    except EnvValidationError as error:
        mistakes |= {name: " ".join(why) for name, why in _by_variable(error).items()}
    except EnvError as error:
        mistakes["settings"] = str(error)
    readable = {name: value for name, value in values.items() if PREFIX + name.upper() not in mistakes}
    settings = Settings(**readable)
    mistakes |= _out_of_range(settings) | _no_origins(settings) | _no_factor(settings) | _no_issuer(settings)
    if mistakes:
        raise BadSettings("; ".join(f"{name}: {why}" for name, why in sorted(mistakes.items())))
    return settings


def _unknown() -> dict[str, str]:
    """Variables that look like settings and are none."""
    known = {PREFIX + one.name.upper() for one in fields(Settings)}
    return {name: "no such setting" for name in os.environ if name.startswith(PREFIX) and name not in known}


def _out_of_range(settings: Settings) -> dict[str, str]:
    """Numbers that no deployment can work with."""
    mistakes = {}
    for one in fields(Settings):
        least, most = one.metadata["least"], one.metadata["most"]
        if least is not None and not least <= getattr(settings, one.name) <= most:
            mistakes[PREFIX + one.name.upper()] = f"must be between {least} and {most}"
    if settings.workers > 1 and settings.ledger_database.startswith("sqlite"):
        mistakes.setdefault(f"{PREFIX}WORKERS", "SQLite takes one writing process; use PostgreSQL for more")
    return mistakes


def _no_origins(settings: Settings) -> dict[str, str]:
    """Desktops that are not exact origins: a browser compares them letter by letter."""
    strange = [one for one in settings.desktops if not ORIGIN.fullmatch(one)]
    why = "an origin is https://host or https://host:port in lower case, nothing after it; http only for this machine"
    return {f"{PREFIX}PANEL_ORIGINS": f"{', '.join(strange)}: {why}"} if strange else {}


def _no_factor(settings: Settings) -> dict[str, str]:
    """A second factor that there is none of."""
    known = (CASE_NUMBER, NO_FACTOR)
    return {} if settings.letter_factor in known else {f"{PREFIX}LETTER_FACTOR": f"must be one of: {', '.join(known)}"}


def _no_issuer(settings: Settings) -> dict[str, str]:
    """An issuer whose answers others could change on their way, or whose tokens for other services would be taken."""
    if not settings.oidc_issuer:
        return {}
    mistakes = {} if settings.oidc_audience else {f"{PREFIX}OIDC_AUDIENCE": "an issuer needs one"}
    if not is_safe_address(settings.oidc_issuer):
        mistakes[f"{PREFIX}OIDC_ISSUER"] = "must be https://…, without a query; http only for this machine"
    return mistakes


def is_safe_address(address: str) -> bool:
    """Whether what comes from an address is what its host says: by https, or from this machine.

    >>> is_safe_address("https://login.example/desk"), is_safe_address("http://login.example")
    (True, False)
    """
    try:
        parts = urlsplit(address)
        _ = parts.port  # refuses what is no number
    except ValueError:
        return False
    here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    plain = not any((parts.query, parts.fragment, parts.username)) and address.isprintable() and " " not in address
    return bool(parts.hostname) and plain and (here or parts.scheme == "https")


def _by_variable(error: EnvValidationError) -> Mapping[str, list[str]]:
    said = error.error_messages
    return said if isinstance(said, Mapping) else {"settings": list(said)}


def _reader(env: Env, kind: object) -> Any:
    return {"Path": env.path, "int": env.int}.get(str(kind), env.str)
