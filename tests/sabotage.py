"""`make sabotage`: one line at a time is broken in a scratch copy, and each break must turn a named test red.

A test that stays green over a broken line protects nothing.  Every break names the file, the
line, what becomes of it, and the test that has to notice; a line that is not there any more is
a failure too, so that the list stays true.

python -m tests.sabotage [WORD …]        only the breaks whose name has one of these words
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
COPIED = ("explainer", "tests", "models", "setup.cfg", "pyproject.toml", "README.md")
FAILED = 1  # what pytest returns when a test failed; anything else is a mistake in this list
SECONDS = 900


class Break(NamedTuple):
    """One line, broken, and who has to notice."""

    name: str
    file: str  # below explainer/
    line: str  # occurs once in it
    broken: str
    test: str  # below tests/


BREAKS = (
    Break(
        "a receipt whose entry may be gone",
        "ledger/tree/promises.py",
        "        if hashed is None:\n",
        "        if False:\n",
        "commands/test_ledger.py::TestReceipts",
    ),
    # Who gets to a page
    Break(
        "a link that nobody can take back",
        "service/doors/links.py",
        "        raise LinkRevoked\n",
        "        pass\n",
        "service/doors/test_revoking.py",
    ),
    Break(
        "a cookie that is the link itself",
        "service/doors/links.py",
        'LINK, OPENED = "explainer.view", "explainer.opened"',
        'LINK, OPENED = "explainer.view", "explainer.view"',
        "web/test_pages.py::TestCookie",
    ),
    Break(
        "a token for another service",
        "service/doors/people.py",
        "            audience=settings.oidc_audience,\n",
        '            audience=jwt.decode(token, options={"verify_signature": False}).get("aud"),\n',
        "web/test_people.py",
    ),
    Break(
        "a person who is a program",
        "service/doors/people.py",
        'frozenset(ROLES) - {"integrator"}',
        "frozenset(ROLES)",
        "web/test_people.py",
    ),
    Break(
        "wrong case numbers that are not counted",
        "service/doors/factor.py",
        "else_=door_tries.c.tries + 1)",
        "else_=door_tries.c.tries)",
        "service/doors/test_factor.py",
    ),
    Break(
        "wrong case numbers without an end",
        "service/doors/factor.py",
        "either((read, door_tries.c.in_all + 1), ",
        "either((read, door_tries.c.in_all), ",
        "service/doors/test_factor.py::TestInAll",
    ),
    Break(
        "a new link that is the closed one",
        "service/doors/links.py",
        "(through, closed) if one]",
        "(through,) if one]",
        "web/test_door.py",
    ),
    Break(
        "a page that stays open where its door asks for more by now",
        "service/doors/links.py",
        " if asked == CASE_NUMBER or not asks:",
        ":",
        "service/doors/test_links.py::TestAdmission",
    ),
    Break(
        "a letter that a panel gave out and that outlives it",
        "service/doors/links.py",
        "            return [(view, own), (other, through)]\n",
        "            return [(view, own)]\n",
        "service/doors/test_revoking.py",
    ),
    Break(
        "a log that quotes what was sent",
        "web/server.py",
        '            "logger_class": Discreet,\n',
        "",
        "journeys/test_forgotten.py",
    ),
    # What is promised
    Break(
        "a receipt whose time does not count",
        "ledger/tree/promises.py",
        "        elif (sealed or now) > latest:",
        "        elif not sealed and now > latest:",
        "service/privacy/test_renewing.py::TestPromises",
    ),
    Break(
        "a replaced key that goes on signing receipts",
        "ledger/tree/promises.py",
        "            found[one.key] = moment(at)\n",
        "            pass\n",
        "service/privacy/test_renewing.py",
    ),
    # What is acknowledged
    Break(
        "a commit that does not wait for the disk",
        "ledger/engines.py",
        '("DELETE", "EXTRA")\n',
        '("DELETE", "FULL")\n',
        "ledger/test_engines.py::TestSQLite",
    ),
    Break(
        "synchronous NORMAL",
        "ledger/engines.py",
        '"synchronous": _SYNCHRONOUS[synchronous],',
        '"synchronous": 1,',
        "ledger/test_engines.py::TestSQLite",
    ),
    Break(
        "a pragma that nobody asks about",
        "ledger/engines.py",
        "!= value:\n            raise UnsafeStore",
        "is None:\n            raise UnsafeStore",
        "ledger/test_engines.py::TestSQLite",
    ),
    Break(
        "secure_delete off", "ledger/engines.py", '"secure_delete": 1,', '"secure_delete": 0,', "ledger/test_engines.py::TestSQLite"
    ),
    Break(
        "a home whose name a power cut takes back",
        "service/wiring.py",
        "            keep_names(one.parent)\n",
        "            pass\n",
        "faults/test_power_cut.py",
    ),
    Break(
        "releases whose folder a power cut takes back",
        "packs/registry.py",
        "            _sync(self._releases.parent)",
        "            pass",
        "faults/test_release_kept.py",
    ),
    Break(
        "a witness's line that is not synced",
        "ledger/tree/witness.py",
        "        os.fsync(file.fileno())\n",
        "",
        "faults/test_power_cut.py",
    ),
    Break(
        "a reply before the commit",
        "ledger/engines.py",
        "                connection.commit()\n",
        "                pass\n",
        "ledger/test_store.py::TestDurability",
    ),
    Break(
        "a disk that failed and is written to again",
        "ledger/engines.py",
        "                _STOPPED.add(engine)\n",
        "                pass\n",
        "faults/test_file_faults.py",
    ),
    Break(
        "a database on a network's disk",
        "ledger/engines.py",
        "_mounts())) in _NETWORK:",
        "_mounts())) == 0:",
        "ledger/test_engines.py::TestSQLite",
    ),
    Break(
        "an unknown outcome said to be none",
        "ledger/engines.py",
        "            committing = True\n",
        "            committing = False\n",
        "ledger/test_store.py::TestDurability",
    ),
    Break(
        "a failed connection used again",
        "ledger/engines.py",
        "                connection.invalidate()  # SQLite",
        "                pass  # SQLite",
        "ledger/test_engines.py::TestSQLite",
    ),
    Break(
        "a number in doubt that nobody settles",
        "ledger/store.py",
        "        self._settle()\n",
        "",
        "ledger/test_store.py::TestDurability",
    ),
    Break(
        "numbers that are not given back",
        "ledger/store.py",
        "            self._numbers.give_back(numbers)\n",
        "            pass\n",
        "ledger/test_store.py::TestAppending",
    ),
    Break(
        "a retry with another body taken",
        "ledger/store.py",
        "            raise IdempotencyConflict\n",
        "            pass\n",
        "ledger/test_store.py::TestIdempotency",
    ),
    # Leaf and box
    Break(
        "a leaf that is not held to its hash",
        "ledger/entry.py",
        "if leaf_hash(stored.leaf) != stored.leaf_hash:",
        "if not stored.leaf_hash:",
        "ledger/test_entry.py::TestTampering",
    ),
    Break(
        "a column outside the leaf",
        "ledger/entry.py",
        ', "kind": stored.kind, "key": stored.key_id}',
        "}",
        "ledger/test_entry.py::TestTampering",
    ),
    Break(
        "a box that is not held to its leaf",
        "ledger/entry.py",
        'if leaf["box"] != digest(stored.box):',
        "if not stored.box:",
        "ledger/test_entry.py::TestTampering",
    ),
    Break(
        "no commitment to the key",
        "ledger/entry.py",
        'if (key.id, key.commitment) != (leaf["key"], leaf["commitment"]):',
        'if key.id != leaf["key"]:',
        "ledger/test_entry.py::TestTampering",
    ),
    Break(
        "a box bound to nothing",
        "ledger/entry.py",
        "    return encode([VERSION, kind, entry_id, key_id])\n",
        '    return b""\n',
        "ledger/test_entry.py::TestTampering",
    ),
    Break(
        "lengths that can be seen",
        "ledger/entry.py",
        "    return content + bytes(-len(content) % STEP)\n",
        "    return content\n",
        "ledger/test_entry.py::TestTheBox",
    ),
    # The tree
    Break(
        "a node hashed like a leaf",
        "ledger/tree/merkle.py",
        'NODE_PREFIX = b"\\x01"',
        'NODE_PREFIX = b"\\x00"',
        "ledger/tree/test_merkle.py",
    ),
    Break(
        "any inclusion proof holds",
        "ledger/tree/merkle.py",
        "    return last == 0 and hashed == root\n",
        "    return last == 0\n",
        "ledger/tree/test_merkle.py",
    ),
    Break(
        "any consistency proof holds",
        "ledger/tree/merkle.py",
        "    return last == 0 and (before, after) == (old_root, root)\n",
        "    return last == 0 and after == root\n",
        "ledger/tree/test_merkle.py",
    ),
    Break(
        "sealing what was changed",
        "ledger/tree/sealing.py",
        "    except EntryTampered:\n        return False\n",
        "    except EntryTampered:\n        return True\n",
        "ledger/tree/test_sealing.py::TestDistrust",
    ),
    Break(
        "signing over another root",
        "ledger/tree/sealing.py",
        "if last and frontier.root != last.root:",
        "if False:",
        "ledger/tree/test_sealing.py::TestDistrust",
    ),
    Break(
        "signing over wrong nodes",
        "ledger/tree/sealing.py",
        "if made != hashes_at(connection, made):",
        "if False:",
        "ledger/tree/test_sealing.py::TestDistrust",
    ),
    Break(
        "signing what the writing connection says",
        "ledger/tree/sealing.py",
        "        with afresh(self._engine) as connection:\n",
        "        with reading(self._engine) as connection:\n",
        "ledger/tree/test_sealing.py::TestDistrust",
    ),
    Break(
        "signing over a cut tail",
        "ledger/tree/sealing.py",
        "    if start > size:\n",
        "    if False:\n",
        "ledger/tree/test_sealing.py::TestDistrust",
    ),
    Break(
        "the witness off",
        "ledger/tree/sealing.py",
        "            if self._met != epoch:\n",
        "            if False:\n",
        "ledger/tree/test_sealing.py::TestEpochs",
    ),
    Break(
        "a rewritten history sealed on",
        "ledger/tree/sealing.py",
        "if frontier_at(connection, head.size).root != head.root:",
        "if False:",
        "attacks/test_sealed_tree.py::TestWithTheStolenKey",
    ),
    Break(
        "silence that is not marked",
        "ledger/tree/sealing.py",
        "IDLE = timedelta(hours=1)",
        "IDLE = timedelta(hours=99)",
        "ledger/tree/test_sealing.py::TestSilence",
    ),
    Break(
        "a wrong proof handed out",
        "ledger/tree/proving.py",
        "if not includes(stored.leaf_hash,",
        "if False and not includes(stored.leaf_hash,",
        "ledger/tree/test_proving.py::TestInclusion",
    ),
    Break(
        "a witness that takes any tree",
        "ledger/tree/witness.py",
        "if head and not continues(",
        "if False and not continues(",
        "ledger/tree/test_witness.py::TestConsidering",
    ),
    Break(
        "evidence against an honest log",
        "ledger/tree/witness.py",
        "        if contradicts:\n",
        "        if checkpoint.size == size:\n",
        "ledger/tree/test_witness.py::TestConsidering",
    ),
    Break(
        "a torn line taken for a head",
        "ledger/tree/witness.py",
        "    while lines and _note(lines[-1]) is None:\n",
        "    while False:\n",
        "ledger/tree/test_witness.py",
    ),
    Break(
        "a signature that is not checked",
        "ledger/notes/checkpoint.py",
        "            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())\n",
        "            pass\n",
        "ledger/notes/test_checkpoint.py",
    ),
    Break(
        "verify without the witnesses' heads",
        "ledger/tree/verifying.py",
        "        wanted += [head for witness in self._witnesses for head in self._witnessed(witness)]\n",
        "",
        "attacks/test_sealed_tree.py::TestWithTheStolenKey",
    ),
    Break(
        "verify without the index",
        "ledger/tree/verifying.py",
        "                self._index(connection, opened)\n",
        "",
        "attacks/test_sealed_tree.py::TestBits",
    ),
    Break(
        "verify without gaps",
        "ledger/tree/verifying.py",
        "        self._report.findings += [gap for",
        "        self._report.notices += [gap for",
        "ledger/tree/test_verifying.py::TestGaps",
    ),
    # The log's keys
    Break(
        "a handover that the old key does not sign",
        "ledger/notes/keyring.py",
        "        passed = self.publics[self.publics.index(old) : self.publics.index(signer.public)]\n",
        "        passed = self.publics[:0]\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a key that was replaced and counts on",
        "ledger/notes/keyring.py",
        "            trusted = [*(one for one in trusted if one not in signed), following]\n",
        "            trusted = [*trusted, following]\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a stranger's handover followed",
        "ledger/notes/keyring.py",
        "        if signed and following:\n",
        "        if following:\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "verify takes any of the log's keys",
        "ledger/tree/verifying.py",
        "        if signed != key:\n",
        "        if False:\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "verify asks for no handover",
        "ledger/tree/verifying.py",
        "        elif key != self._log.at(before) and not",
        "        elif False and not",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a witness that takes any key's word",
        "ledger/tree/witness.py",
        "            if not signers_of(note, self._trusted(log))[1]:\n",
        "            if not signers_of(note, self._logs)[1]:\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a witness that forgets a handover",
        "ledger/tree/witness.py",
        "            self._follow(checkpoint.next, note)\n",
        "",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a witness that was away and is told no handover",
        "ledger/tree/sealing.py",
        "        return [one for one in missed if one.checkpoint.size > seen]\n",
        "        return []\n",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a key that came back with the vault and is not announced",
        "ledger/tree/sealing.py",
        "            self.announce()\n",
        "",
        "ledger/tree/test_changing_keys.py",
    ),
    Break(
        "a pack whose reader follows no handover",
        "verify.py",
        "heir_of(self._pinned or came, changes)",
        "(self._pinned or came)",
        "service/privacy/test_renewing.py::TestTheKeyOfTheLog",
    ),
    Break(
        "a new key of the log that the old master key opens",
        "ledger/keys/vault.py",
        'in self._secrets_in(connection, ""):',
        "in self._secrets_in(connection, _ROOT):",
        "service/privacy/test_renewing.py::TestTheKeyOfTheLog",
    ),
    Break(
        "the last word by the clock",
        "ledger/store.py",
        "    return row.number is None, row.number or 0, row.id\n",
        "    return False, 0, row.id\n",
        "ledger/test_clocks.py",
    ),
    # Receipts, rights and retention
    Break(
        "answers without the newest head",
        "web/api/ledger.py",
        "        response.headers[HEAD] = head\n",
        "        pass\n",
        "web/test_ledger.py::TestTheHeadInEveryAnswer",
    ),
    Break(
        "bulk without receipts",
        "service/bulk.py",
        "step.record.explained, signed_receipt(step.receipt, services))",
        "step.record.explained, None)",
        "service/test_bulk.py::TestRecording",
    ),
    Break(
        "a role that may change entries",
        "ledger/tables.py",
        'APPEND = {MAY: "SELECT, INSERT"}',
        'APPEND = {MAY: "SELECT, INSERT, UPDATE"}',
        "ledger/test_rights.py::TestTheStatements",
    ),
    Break(
        "a retention class that nobody ends",
        "ledger/entry.py",
        "    return int(months) if months != retention and months.isdecimal() else None\n",
        "    return None\n",
        "service/privacy/test_erasing.py::TestTheClassThatAPackDeclares",
    ),
    Break(
        "a pack whose time for keeping is passed over",
        "service/decide.py",
        "        retention=class_of(release.pack.retention_months),\n",
        "",
        "service/privacy/test_erasing.py::TestTheClassThatAPackDeclares",
    ),
    # Erasure
    Break("keys that are not destroyed", "ledger/erasure.py", "    vault.destroy(keys)\n", "", "ledger/test_erasure.py"),
    Break(
        "keys that come back and stay",
        "ledger/erasure.py",
        "    if back:\n",
        "    if not back:\n",
        "ledger/test_erasure.py::TestWhatComesBack",
    ),
    Break(
        "an index row that outlives its person",
        "ledger/erasure.py",
        "    ledger.forget(keys)\n    vault",
        "    vault",
        "ledger/test_erasure.py",
    ),
    Break(
        "another key under the same id",
        "ledger/keys/vault.py",
        "if commitment_of(secret) != row.commitment:",
        "if False:",
        "ledger/keys/test_vault.py",
    ),
    Break(
        "another master key put in force",
        "ledger/keys/vault.py",
        "        if root is None:\n",
        "        if False:\n",
        "ledger/keys/test_vault.py::TestOpeningAVault",
    ),
    Break(
        "a master key that is not yet on disk",
        "ledger/keys/master.py",
        "                file.flush()\n                os.fsync(descriptor)\n",
        "                file.flush()\n",
        "faults/test_power_cut_vault.py",
    ),
    # Replay
    Break(
        "margins equal to nine digits",
        "audit/replay.py",
        'yield _said("margin", bits(then.margin) == bits(now.margin),',
        'yield _said("margin", True,',
        "audit/test_replay.py",
    ),
    Break(
        "a rule that nobody compares",
        "audit/replay.py",
        'yield _said("rules", then.rules == now.rules,',
        'yield _said("rules", True,',
        "audit/test_replay.py",
    ),
    Break(
        "an outcome that nobody compares",
        "audit/replay.py",
        'yield _said("outcome", ends[0] == ends[1],',
        'yield _said("outcome", True,',
        "audit/test_replay.py",
    ),
    Break(
        "attributions that nobody compares",
        "audit/replay.py",
        "equal = then.phi.tobytes() == now.phi.tobytes() and",
        "equal = True and",
        "audit/test_replay.py",
    ),
    Break(
        "a second opinion that is always the kernel's",
        "audit/opinions.py",
        "        counted = counted_opinions(forest, reference, x, phi)\n",
        '        counted = [Agree("counting", 0.0)] * len(x)\n',
        "audit/test_opinions.py",
    ),
    Break(
        "a full replay without a second opinion",
        "service/auditing/replaying.py",
        "if self._asked.full else [[]] * len(cases)",
        "if False else [[]] * len(cases)",
        "service/auditing/test_replaying.py::TestASecondOpinion",
    ),
    # Pages
    Break(
        "pages: texts that are not escaped",
        "views/showing.py",
        "autoescape=True",
        "autoescape=False",
        "views/test_hostile_texts.py::TestPages",
    ),
    Break(
        "letters: a case number goes on like another fact",
        "views/letter.py",
        "_fill(_pair(letter, *fact), under=BELOW)",
        "_fill(_pair(letter, *fact))",
        "views/test_hostile_texts.py::TestPlainText",
    ),
    Break(
        "panels: nobody reads them back",
        "service/inspect.py",
        "    check_panel(shown, found, services, since=since)\n",
        "",
        "service/test_leaving.py::TestAPanelThatMisprints",
    ),
    Break(
        "letters: nobody reads them back",
        "service/inspect.py",
        "    if findings := letters.misprints(written, found.record, found.release):\n",
        "    if findings := []:\n",
        "service/test_leaving.py::TestALetterWhoseTableMisprints",
    ),
    Break(
        "letters: any day will do",
        "views/readback/dates.py",
        'return _plain(words) == _plain(str(format_date(day, "long", locale=Locale.parse(locale, sep="-"))))',
        "return bool(words)",
        "views/readback/test_letters.py",
    ),
    Break(
        "histories: nothing is missed",
        "views/readback/histories.py",
        "    if left:\n",
        "    if False:\n",
        "views/readback/test_histories.py",
    ),
    Break(
        "panels: any threshold is the nearest",
        "explanations/standing.py",
        "for one in away if away[one] <= least + LOCAL_ACCURACY]",
        "for one in away]",
        "views/readback/test_panels.py",
    ),
    Break(
        "panels: any distance will do",
        "explanations/standing.py",
        '    if hear(f"panel-distance-{how}", said.said, phrases) is None:\n',
        "    if False:\n",
        "views/readback/test_panels.py",
    ),
    Break(
        "numbers that columns do not compare",
        "audit/columns.py",
        "return read, margins, fits & adds_up & same",
        "return read, margins, fits & adds_up",
        "audit/test_columns.py",
    ),
    Break(
        "rules that columns do not compare",
        "audit/columns.py",
        'and one["decision"]["rules"] == told[id(now.rules)] ',
        "",
        "audit/test_columns.py",
    ),
    # Many at once
    Break(
        "many: a missing value fires a comparison",
        "decisions/policy.py",
        "return lambda x: compare(x[:, at], values[0])",
        "return lambda x: compare(np.nan_to_num(x[:, at]), values[0])",
        "decisions/test_policy.py::TestManyCases",
    ),
    Break(
        "many: an edge belongs to the band below",
        "decisions/deciding.py",
        "~np.greater_equal.outer",
        "~np.greater.outer",
        "decisions/test_deciding.py::TestManyCases",
    ),
    Break(
        "many: outcomes are not looked at",
        "explanations/faithfulness.py",
        "[] if one == other else",
        "[] if True else",
        "explanations/test_faithfulness.py",
    ),
    Break(
        "many: databases stay open while processes begin",
        "service/wiring.py",
        "        self.close()  # the copy of a connection would be a second one that nobody opened\n",
        "",
        "test_bulkcommand.py::TestOtherProcesses",
    ),
    Break(
        "many: processes begin as copies beside threads",
        "processes.py",
        "threading.active_count() == 1 and ",
        "",
        "test_processes.py",
    ),
    Break(
        "many: processes outlive the one that was killed",
        "processes.py",
        "        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)\n",
        "",
        "test_bulkcommand.py::TestAnEnd",
    ),
    Break(
        "many: processes end as their parent does when they are asked to",
        "cli.py",
        "    signal.signal(signal.SIGTERM, signal.default_int_handler)",
        "    pass",
        "test_bulkcommand.py::TestAnEnd",
    ),
    Break(
        "many: rules of rows of years ago are read from their columns",
        "road.py",
        "rules = [apply_policy(one.facts, release.pack, on) for one in rows]",
        "rules = apply_policy_together([one.facts for one in rows], x, release.pack, on)",
        "test_road.py::TestManyCases",
    ),
    Break(
        "many: findings go to another case",
        "road.py",
        "for here, row, good, split, why in zip(found, rows, read_back(rows, pack), splits, ill_chosen, strict=True):",
        "for here, row, good, split, why in zip(found, rows, read_back(rows, pack), splits, ill_chosen[::-1], strict=True):",
        "test_road.py::TestManyCases",
    ),
    # What would have changed it
    Break(
        "recourse: a change that turns the outcome by a hair is nothing",
        "explanations/changing/recourse.py",
        "        if answers.close[0]:\n",
        "        if False:\n",
        "explanations/test_recourse.py::TestNothing",
    ),
    Break(
        "recourse: a value beyond what is allowed",
        "explanations/changing/checking.py",
        "        if not is_allowed(to, action, feature):\n",
        "        if False:\n",
        "explanations/test_faithfulness.py::TestRecourse",
    ),
    Break(
        "recourse: a change that is not open in this case",
        "explanations/changing/checking.py",
        "    if action.when is not None and not question(action.when)(facts):\n",
        "    if False:\n",
        "explanations/test_faithfulness.py::TestRecourse",
    ),
    Break(
        "recourse: a margin that nobody scores again",
        "explanations/changing/checking.py",
        "    if margin != line.margin:\n",
        "    if False:\n",
        "explanations/test_faithfulness.py::TestRecourse",
    ),
    Break(
        "recourse: the road has no model for its gate",
        "road.py",
        "contradictions_in(arrived, way.release, way.languages, kernel=way.kernel)",
        "contradictions_in(arrived, way.release, way.languages)",
        "test_road.py::TestALineOfRecourseThatTheModelScoresOtherwise",
    ),
    Break(
        "recourse: something else comes along",
        "explanations/changing/checking.py",
        "    if line.along != {name: fact for name, fact in brought.items() if name not in changed}:\n",
        "    if False:\n",
        "explanations/test_faithfulness.py::TestRecourse",
    ),
    Break(
        "words: a new number that nobody reads",
        "explanations/faithfulness.py",
        "    return says_number(numbers[0], told.fact, phrases) and _would_say_one(",
        "    return _would_say_one(",
        "explanations/test_faithfulness.py::test_words_heard_before_around_another_number_are_heard_again",
    ),
    Break(
        "words: a new number's words that nobody hears",
        "explanations/faithfulness.py",
        "    return _misheard(said, due, _keys(due), place, pack=pack, phrases=phrases) is None\n",
        "    return True\n",
        "explanations/test_faithfulness.py::test_words_heard_before_around_another_number_are_heard_again",
    ),
)


def main(words: Sequence[str]) -> int:
    """Every break, on every core, and a table of how it went; how many were not noticed."""
    chosen = [one for one in BREAKS if not words or any(word in one.name for word in words)]
    free: SimpleQueue[Path] = SimpleQueue()
    with tempfile.TemporaryDirectory() as folder:
        cores = len(os.sched_getaffinity(0))
        for number in range(cores):
            free.put(_copy(Path(folder) / f"{number}"))
        with ThreadPoolExecutor(cores) as pool:
            ends = list(pool.map(lambda one: _try(one, free), chosen))
    table = Table("broken", "in", "noticed by", "")
    for one, end in zip(chosen, ends, strict=True):
        table.add_row(one.name, one.file, one.test, end or "red, as it must be")
    Console().print(table)
    return sum(bool(end) for end in ends)


def _copy(into: Path) -> Path:
    into.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, into / name)
        else:
            shutil.copy2(source, into / name)
    return into


def _try(one: Break, free: SimpleQueue[Path]) -> str:
    """Break one line in a copy that nobody uses and run its test; why it was not noticed, or nothing."""
    copy = free.get()
    try:
        with _broken(copy / "explainer" / one.file, one) as there:
            return _run(copy, one.test) if there else "the line is not there once"
    finally:
        free.put(copy)


@contextmanager
def _broken(path: Path, one: Break) -> Iterator[bool]:
    sound = path.read_text("utf-8")
    there = sound.count(one.line) == 1
    if there:
        path.write_text(sound.replace(one.line, one.broken), "utf-8")
    try:
        yield there
    finally:
        path.write_text(sound, "utf-8")


def _run(copy: Path, test: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql", f"tests/{test}"]
    quiet = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=quiet, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"no end after {SECONDS} s"
    return "" if done.returncode == FAILED else f"pytest returned {done.returncode}: " + (done.stdout.splitlines() or [""])[-1]


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
