"""Files stay in their room: kept, opened, served and swept; a stranger's file is like one that is not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction
from django.test import Client

from kernel.actor import ANONYMOUS, Actor
from kernel.clock import utc_now
from kernel.file_kinds import FileRefused
from kernel.posts import Post
from kernel.problems import NotPermitted
from shared_apps.accounts.models import User
from shared_apps.accounts.rules import OrganisationKind
from shared_apps.region_files import services as region_files
from tenant_apps.files import services as tenant_files
from tenant_apps.files.models import TenantFile
from tenant_apps.files.tasks import sweep_all
from tenant_apps.journal.models import JournalEntry
from tenants.database.context import tenant_atomic, tenant_selected
from tenants.journaling import file_store, files
from tenants.journaling.files import FileDamaged, FileNotFound, FileView
from tests.factories import files as samples
from tests.factories.people import actor_of, join, make_organisation, make_user, sign_in

A, B = "990001", "990002"


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.YZ_FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]
    return tmp_path / "files"


def _clerk(tenant: str = A) -> tuple[User, int]:
    user, unit = make_user(), make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=tenant)
    join(user, unit)
    return user, unit.pk


def _kept(actor: Actor, *, tenant: str = A, organisation_id: int | None = None, content: bytes = b"") -> FileView:
    with tenant_selected(tenant):
        return tenant_files.store_file(
            actor=actor, name="报价.pdf", content=content or samples.pdf(), purpose="files.attachment", now=utc_now(),
            organisation_id=organisation_id,
        )  # fmt: skip


def test_a_file_is_kept_with_its_row_its_object_and_one_journal_row(folder: Path) -> None:
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    assert file.key.startswith(f"{A}-")
    assert (file.kind, file.name, file.size_bytes) == ("pdf", "报价.pdf", len(samples.pdf()))
    path = file_store.path_of(file.key)
    assert path.is_relative_to(folder / A)
    assert path.read_bytes() == samples.pdf()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    with tenant_selected(A):
        rows = list(JournalEntry.objects.filter(event="files.stored").values_list("facts", flat=True))
        assert [row["key"] for row in rows] == [file.key]
        assert "name" not in rows[0]


def test_a_file_is_served_as_an_attachment_that_can_do_nothing() -> None:
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    answer = sign_in(Client(), user, A).get(f"/files/{file.key}/")
    assert answer.status_code == 200
    assert answer.content == samples.pdf()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_colleagues_open_it_and_strangers_find_nothing() -> None:
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    colleague, stranger = make_user(), _clerk()[0]
    with tenant_selected(A):
        join(colleague, make_organisation(OrganisationKind.BUDGET_UNIT, tenant_code=A))
    from shared_apps.accounts.models import Organisation

    join(colleague, Organisation.objects.get(pk=unit))
    assert sign_in(Client(), colleague, A).get(f"/files/{file.key}/").status_code == 200
    assert sign_in(Client(), stranger, A).get(f"/files/{file.key}/").status_code == 404
    assert Client(HTTP_HOST=f"{A}.localhost").get(f"/files/{file.key}/").status_code == 302


def test_a_key_of_one_mall_opens_nothing_in_another_nor_in_the_region() -> None:
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    assert sign_in(Client(), user, A).get(f"/files/{file.key}/").status_code == 200
    assert sign_in(Client(), user, B).get(f"/files/{file.key}/").status_code == 404
    assert sign_in(Client(), user).get(f"/files/{file.key}/", HTTP_HOST="localhost").status_code == 404
    kept = region_files.store_file(
        actor=actor_of(user), name="a.png", content=samples.png(), purpose="region_files.attachment", now=utc_now()
    )
    assert sign_in(Client(), user).get(f"/files/{kept.key}/", HTTP_HOST="localhost").status_code == 200
    assert sign_in(Client(), user, A).get(f"/files/{kept.key}/").status_code == 404


def test_without_the_row_and_the_room_a_foreign_key_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: a view that goes by the key alone hands the other mall's file out."""
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    monkeypatch.setattr(files, "find", lambda *, model, room, actor, key: file)
    assert sign_in(Client(), user, B).get(f"/files/{file.key}/").status_code == 200


@pytest.mark.parametrize(
    "key", ["x", "990001", "990001-" + "0" * 40, "region-" + "f" * 40, "990001-" + "A" * 40, "t990001-x"]
)
def test_a_key_of_nothing_is_not_found(key: str) -> None:
    user, _unit = _clerk()
    assert sign_in(Client(), user, A).get(f"/files/{key}/").status_code == 404


@pytest.mark.parametrize(
    "path", ["/files/..%2f..%2fetc%2fpasswd/", "/files/../../etc/passwd", "/files/%00/", "/files/a/b/"]
)
def test_a_way_out_is_no_address(path: str) -> None:
    user, _unit = _clerk()
    assert sign_in(Client(), user, A).get(path).status_code in {400, 404}


@pytest.mark.parametrize("key", ["..", "990001-", "990001/..", "region-" + "g" * 40, "990001-" + "a" * 40 + "\n"])
def test_no_path_is_made_of_what_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        file_store.path_of(key)
    with pytest.raises(ValueError, match="not a room"):
        file_store.room_folder(key)


def test_who_may_not_keep_a_file(folder: Path) -> None:
    user, unit = _clerk()
    for actor, organisation in ((ANONYMOUS, None), (actor_of(user, A), unit + 1)):
        with pytest.raises(NotPermitted):
            _kept(actor, organisation_id=organisation)
    with pytest.raises(KeyError), tenant_selected(A):
        tenant_files.store_file(
            actor=actor_of(user, A), name="a.pdf", content=samples.pdf(), purpose="nobody.asked", now=utc_now()
        )
    assert not folder.exists()


def test_a_refused_file_leaves_no_trace(folder: Path) -> None:
    user, _unit = _clerk()
    for name, content in (
        ("a.svg", b"<svg onload=alert(1)>"),
        ("x" * 300 + ".pdf", samples.pdf()),
        ("a.pdf", samples.pdf() + b"\0" * files.SIZE_BYTES_MAX),
        ("a.pdf", b""),
    ):
        with tenant_selected(A), pytest.raises(FileRefused):
            tenant_files.store_file(
                actor=actor_of(user, A), name=name, content=content, purpose="files.attachment", now=utc_now()
            )
    with tenant_selected(A):
        assert TenantFile.objects.count() == 0
        assert JournalEntry.objects.filter(event="files.stored").count() == 0
    assert list(folder.rglob("*")) == []


def test_an_altered_or_missing_object_is_not_served() -> None:
    user, unit = _clerk()
    actor = actor_of(user, A)
    file = _kept(actor, organisation_id=unit)
    path = file_store.path_of(file.key)
    path.write_bytes(samples.pdf("y"))
    client = sign_in(Client(), user, A)
    assert client.get(f"/files/{file.key}/").status_code == 409
    path.unlink()
    assert client.get(f"/files/{file.key}/").status_code == 409
    other = _kept(actor, content=samples.pdf("other mall's"))
    os.symlink(file_store.path_of(other.key), path)
    with tenant_selected(A), pytest.raises(FileDamaged):
        tenant_files.open_file(actor=actor, key=file.key)


def test_an_object_is_never_replaced() -> None:
    user, _unit = _clerk()
    file = _kept(actor_of(user, A))
    with pytest.raises(FileExistsError):
        file_store.write_object(file.key, b"other")
    assert file_store.read_object(file.key) == samples.pdf()


def test_rows_are_append_only_and_checked_by_the_database() -> None:
    user, _unit = _clerk()
    _kept(actor_of(user, A))
    with tenant_selected(A):
        for statement in ("UPDATE files_tenantfile SET name = 'x'", "DELETE FROM files_tenantfile"):
            with connections["tenant"].cursor() as cursor, pytest.raises(ProgrammingError):
                cursor.execute(statement)
        row = TenantFile.objects.get()
        for field, value in (("key", "../x"), ("size_bytes", 0), ("size_bytes", 2**30), ("sm3", "x")):
            copy = TenantFile.objects.get()
            copy.pk, copy.key = None, file_store.new_key(A)
            setattr(copy, field, value)
            with pytest.raises(IntegrityError), tenant_atomic():
                copy.save(force_insert=True)
        assert TenantFile.objects.get() == row


def test_the_sweep_takes_old_objects_without_a_row_and_nothing_else(folder: Path) -> None:
    user, _unit = _clerk()
    actor = actor_of(user, A)
    kept, foreign = _kept(actor), _kept(actor, tenant=B)

    with tenant_selected(A), tenant_atomic():
        lost = tenant_files.store_file(
            actor=actor, name="a.pdf", content=samples.pdf("lost"), purpose="files.attachment", now=utc_now()
        )
        transaction.set_rollback(True, using="tenant")
    assert file_store.path_of(lost.key).exists()
    gone = folder / "653101_practice" / "ab" / ("ab" * 20)
    gone.parent.mkdir(parents=True)
    gone.write_bytes(b"x")
    half = file_store.path_of(lost.key).parent / ".half-written"
    half.write_bytes(b"x")
    assert sweep_all.run() == 0
    old = time.time() - 25 * 3600
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (old, old))
    assert sweep_all.run() == 3
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {
        file_store.path_of(file.key).name for file in (kept, foreign)
    }
    assert not (folder / "653101_practice").exists()
    with tenant_selected(A), pytest.raises(FileNotFound):
        tenant_files.open_file(actor=actor, key=foreign.key)


def test_an_auditor_s_post_opens_no_file_by_itself() -> None:
    user, unit = _clerk()
    file = _kept(actor_of(user, A), organisation_id=unit)
    auditor = make_user()
    join(auditor, make_organisation(OrganisationKind.AUDIT), [Post.AUDITOR])
    assert sign_in(Client(), auditor, A).get(f"/files/{file.key}/").status_code == 404
