"""Rights: what the application's role may do in PostgreSQL, as statements for the owner of the tables.

Under it the service decides, seals, proves and erases, and the database itself refuses to
change or remove an entry, a leaf, a hash or a checkpoint.  Migrations, and another key, are the owner's.
"""

from __future__ import annotations

import re

from sqlalchemy import Engine, MetaData, text

from explainer.errors import BadInput
from explainer.ledger import tables
from explainer.ledger.engines import reading
from explainer.ledger.migrations.running import Branch

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
_EVERY = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER")
_STORES: dict[Branch, MetaData] = {"ledger": tables.ledger, "vault": tables.vault}
# Who may delete may also tidy up behind it; before PostgreSQL 17 only the owner could be given that.
_TIDY = """\
DO $$ BEGIN
    IF current_setting('server_version_num')::int >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON {names} TO {role}';
    END IF;
END $$;
"""


def grants(role: str, branch: Branch) -> str:
    """The statements that give a role what the application needs in one store, and take from it what it had besides.

    Raises:
        BadInput: not a name that needs no quotes.
    """
    if not _ROLE.fullmatch(role):
        raise BadInput("a role's name has small letters, digits and underscores, and does not begin with a digit")
    named = {one.name: str(one.info[tables.MAY]) for one in _STORES[branch].sorted_tables} | {f"{branch}_version": "SELECT"}
    said = [f"REVOKE ALL ON {', '.join(named)} FROM {role};\n"]
    said += [f"GRANT {may} ON {name} TO {role};\n" for name, may in named.items()]
    erased = ", ".join(name for name, may in named.items() if "DELETE" in may)
    return "".join([*said, _TIDY.format(names=erased, role=role)])


def beyond(engine: Engine, branch: Branch) -> list[str]:
    """What the role of a connection may do to the tables of a store without need; on SQLite there are no roles."""
    if engine.dialect.name != "postgresql":
        return []
    asked, stored = text("SELECT has_table_privilege(:name, :what)"), _STORES[branch].sorted_tables
    needless = [(what, one.name) for one in stored for what in _EVERY if what not in one.info[tables.MAY]]
    with reading(engine) as connection:
        held = [pair for pair in needless if connection.execute(asked, {"name": pair[1], "what": pair[0]}).scalar()]
    return [f"{what} {name}" for what, name in held]
