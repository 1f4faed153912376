"""The restore drill, on both databases: what comes back is what was there, row by row, file by file, chain by chain."""

import json
import stat
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from parley import audit
from parley.accounts.models import User
from parley.desk.backup import BackupRefused, kept_models, make_backup, stored_names
from parley.desk.restore import restore_backup
from tests.factories import PersonFactory

from .instances import Instance, an_instance

pytestmark = pytest.mark.both_databases

STORED = "reports/Հաշվետվություն.pdf"
# A site with something of every kind, made by the verbs that people use.
FILL = f"""
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests.factories import world

world()
default_storage.save({STORED!r}, ContentFile(b"%PDF" + bytes(200_000)))
session = SessionStore()
session["signed in"] = True
session.save()
"""
WHAT_IS_THERE = """
import json
from django.contrib.sessions.models import Session
from parley.desk.backup import digests
from parley.search.models import Entry

searched = sorted(Entry.objects.values_list("kind", "object_id", "words"))
rows = {label: [table.rows, table.sha256] for label, table in digests().items()}
print(json.dumps({"rows": rows, "sessions": Session.objects.count(), "searched": searched}))
"""
GO_ON = "from tests.factories import PersonFactory; PersonFactory(email='new@example.org')"


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """A site that people have worked on."""
    with an_instance(tmp_path_factory.mktemp("old"), with_tables=True) as site:
        site.manage("shell", "--command", FILL)
        yield site


@pytest.fixture(scope="module")
def kept(old, tmp_path_factory) -> Path:
    """Its backup."""
    file = tmp_path_factory.mktemp("kept") / "parley.zip"
    old.manage("backup", str(file))
    return file


@pytest.fixture
def empty_site(transactional_db, settings, tmp_path):
    """This process's own site, with nobody and nothing in it."""
    settings.MEDIA_ROOT = tmp_path / "files"


def contents(site: Instance) -> dict:
    return json.loads(site.manage("shell", "--verbosity", "0", "--command", WHAT_IS_THERE).stdout)


def files(site: Instance) -> dict[str, bytes]:
    folder = Path(site.environment["PARLEY_DATA"]) / "files"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewritten(kept: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """A copy of a backup in which some entries are others."""
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, change(name, source.read(name)))
    return target


def with_manifest(**changes) -> Callable[[str, bytes], bytes]:
    return lambda name, words: json.dumps(json.loads(words) | changes).encode() if name == "manifest.json" else words


def nothing_was_kept() -> bool:
    return not User.objects.exists() and stored_names() == []


def test_the_drill(old, kept, tmp_path):
    with an_instance(tmp_path / "new") as new:
        told = new.manage("restore", str(kept), "--verify").stdout
        found, chains = contents(new), new.manage("verify_chain").stdout
        new.manage("shell", "--command", GO_ON)

    was = contents(old)
    assert told.endswith("every digest and chain is the same.\n")
    assert found["rows"] == was["rows"]
    assert (found["sessions"], was["sessions"]) == (0, 1)
    assert found["searched"] == was["searched"] != []
    assert files(new) == files(old)
    assert list(files(new)) == [STORED]
    assert chains == old.manage("verify_chain").stdout


def test_what_the_drill_compares_is_not_nothing(kept):
    with zipfile.ZipFile(kept) as archive:
        tables = json.loads(archive.read("manifest.json"))["tables"]

    full = {label for label, table in tables.items() if table["rows"]}
    assert {"accounts.user", "audit.entry", "groups.membership", "reports.passage", "reports.revision"} <= full


def test_every_table_is_in_the_backup_or_left_out_by_name(db):
    kept = {model._meta.db_table for model in kept_models()}

    left_out = set(connection.introspection.table_names()) - kept
    index = {name for name in left_out if name.startswith("search_")}

    assert "search_entry" in index
    assert left_out - index == {"django_migrations", "django_session"}


def test_a_backup_is_for_its_owner_alone_and_never_written_over(empty_site, tmp_path):
    file = tmp_path / "parley.zip"
    make_backup(file)
    before = file.read_bytes()

    with pytest.raises(BackupRefused, match="exists already: choose another name"):
        make_backup(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []


def test_a_site_with_people_is_never_restored_into(empty_site, kept):
    PersonFactory(email="here@example.org")

    with pytest.raises(BackupRefused, match="This site is not empty"):
        restore_backup(kept, verify=True)

    assert [person.email for person in User.objects.all()] == ["here@example.org"]


def test_a_site_with_files_is_never_restored_into(empty_site, kept):
    default_storage.save("here.pdf", ContentFile(b"%PDF"))

    with pytest.raises(BackupRefused, match="file store is not empty"):
        restore_backup(kept, verify=True)

    assert stored_names() == ["here.pdf"]


@pytest.mark.parametrize("entry", ["tables/reports.revision.jsonl", f"files/{STORED}"])
def test_a_damaged_backup_leaves_nothing_behind(empty_site, kept, tmp_path, entry):
    def one_letter(name: str, words: bytes) -> bytes:
        return words.replace(b"e", b"f", 1).replace(b"%PDF", b"%PDG") if name == entry else words

    damaged = rewritten(kept, tmp_path / "damaged.zip", one_letter)

    with pytest.raises(BackupRefused, match="The backup is damaged"):
        restore_backup(damaged, verify=False)

    assert nothing_was_kept()


def test_a_record_that_does_not_reach_its_head_is_named_and_nothing_is_kept(empty_site, kept, tmp_path):
    with zipfile.ZipFile(kept) as archive:
        chains = json.loads(archive.read("manifest.json"))["chains"]
    longer = with_manifest(chains=chains | {"site": {"seq": 99, "hash": "f" * 64}})

    with pytest.raises(BackupRefused) as refusal:
        restore_backup(rewritten(kept, tmp_path / "longer.zip", longer), verify=True)

    assert str(refusal.value) == "Nothing was restored, since this came back different: chain site."

    assert nothing_was_kept()


@pytest.mark.parametrize("words", [b"", b"PK\x03\x04 half a file"])
def test_what_is_no_backup_is_said_to_be_none(empty_site, tmp_path, words):
    (tmp_path / "file.zip").write_bytes(words)

    with pytest.raises(BackupRefused, match="is no backup of Parley, or only a part of one"):
        restore_backup(tmp_path / "file.zip", verify=True)


def test_a_zip_of_other_things_is_no_backup(empty_site, kept, tmp_path):
    other = rewritten(kept, tmp_path / "other.zip", lambda name, words: b"[1]" if name == "manifest.json" else words)

    with pytest.raises(BackupRefused, match="This file is no backup of Parley"):
        restore_backup(other, verify=True)


def test_a_backup_of_other_tables_asks_for_its_own_version(empty_site, kept, tmp_path):
    later = rewritten(kept, tmp_path / "later.zip", with_manifest(version="9.9.9", migrations=["reports.9999_later"]))

    with pytest.raises(BackupRefused, match=r"made by Parley 9\.9\.9, whose tables differ"):
        restore_backup(later, verify=True)

    assert nothing_was_kept()


def test_restore_without_verify_says_what_it_did_not_do_and_that_the_key_is_another(empty_site, kept, capsys):
    call_command("restore", str(kept))

    said = capsys.readouterr()
    assert said.out.endswith("; not read back: --verify does that.\n")
    assert said.err.startswith("PARLEY_MFA_KEY is another than the old site's")
    assert audit.verify_chain("site") == []


def test_rows_are_of_one_moment_while_people_go_on_writing(old, tmp_path):
    """A writer adds a person and an entry about them, again and again: no backup holds one without the other."""
    write = f"""
import pathlib
from django.db import transaction
from parley import audit
from tests.factories import PersonFactory

for n in range(5000):
    if pathlib.Path({str(tmp_path / "enough")!r}).exists():
        break
    with transaction.atomic():
        person = PersonFactory(email=f"writer{{n}}@example.org")
        audit.record("site.test", chain="writers", by=person)
    pathlib.Path({str(tmp_path / "writing")!r}).touch()
"""
    with old.running([sys.executable, "manage.py", "shell", "--command", write]) as writer:
        while not (tmp_path / "writing").exists():
            assert writer.poll() is None
        old.manage("backup", str(tmp_path / "first.zip"))
        old.manage("backup", str(tmp_path / "second.zip"))
        (tmp_path / "enough").touch()
        writer.wait()

    first, second = (people_and_entries(tmp_path / name) for name in ("first.zip", "second.zip"))

    assert first[0] == first[1] > 0
    assert second[0] == second[1] > first[0]


def people_and_entries(file: Path) -> tuple[int, int]:
    with zipfile.ZipFile(file) as archive:
        people = archive.read("tables/accounts.user.jsonl").count(b'"email":"writer')
        return people, archive.read("tables/audit.entry.jsonl").count(b'"kind":"site.test"')
