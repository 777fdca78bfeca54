"""Papers, shareholders and waiting applications of the demonstration's suppliers; what is there stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from kernel.actor import SYSTEM
from kernel.clock import local_date
from shared_apps.region_files.services import store_file
from shared_apps.suppliers.demo.generate import credit_code
from shared_apps.suppliers.demo.papers import FILE_NAME, TITLE, licence
from shared_apps.suppliers.models import (
    ApplicationDocument,
    Qualification,
    Shareholder,
    Supplier,
    SupplierApplication,
)
from shared_apps.suppliers.purposes import DOCUMENT
from shared_apps.suppliers.rules import ApplicationKind, ApplicationState, DocumentKind, Size, name_key
from shared_apps.suppliers.services.beginning import new_number
from shared_apps.suppliers.services.rows import tell_application

# Two firms of one owner, so that there is something for supervisors to look into.
_SHARED_OWNER = ("演示·喀什绿洲办公用品有限公司", "演示·哈密文具有限公司")
_OWNER = "演示投资有限公司"
_CERTIFICATE = ("演示·天山文仪设备有限公司", "质量管理体系认证证书（演示）")
# (name, division, level that vets, state): one waits for a demonstration bureau, one for the region.
_WAITING = (
    ("演示·庭州办公设备有限公司", "652301", "652301", ApplicationState.SUBMITTED),
    ("演示·疏勒河文化用品有限公司", "653101", "653101", ApplicationState.VETTED),
)


def load_papers(now: datetime) -> None:
    """Inside the caller's transaction. One file stands for every licence: it says that it is none."""
    bare = list(Supplier.objects.filter(is_demo=True, qualifications__isnull=True).order_by("pk"))
    waiting = [
        (number, row) for number, row in enumerate(_WAITING, start=91)
        if not SupplierApplication.objects.filter(uscc=_code(number, row[1])).exists()
    ]  # fmt: skip
    if not bare and not waiting:
        return
    key = store_file(actor=SYSTEM, name=FILE_NAME, content=licence(), purpose=DOCUMENT.name, now=now).key
    Qualification.objects.bulk_create(_paper(supplier, TITLE, DocumentKind.LICENCE, key, now) for supplier in bare)
    for supplier in bare:
        if supplier.name == _CERTIFICATE[0]:
            stored = store_file(actor=SYSTEM, name=FILE_NAME, content=licence(), purpose=DOCUMENT.name, now=now)
            paper = _paper(supplier, _CERTIFICATE[1], DocumentKind.CERTIFICATE, stored.key, now)
            paper.expires_on = local_date(now) + timedelta(days=20)
            paper.save()
        if supplier.name in _SHARED_OWNER:
            Shareholder.objects.create(supplier=supplier, name=_OWNER, key=name_key(_OWNER), share=60)
    for number, (name, division, level, state) in waiting:
        _apply(_code(number, division), name, division, level, state, now)


def _code(serial: int, division: str) -> str:
    return credit_code(kind="enterprise", division=division, serial=serial)


def _paper(supplier: Supplier, title: str, kind: DocumentKind, key: str, now: datetime) -> Qualification:
    return Qualification(
        supplier=supplier, kind=kind, title=title, number=supplier.uscc, file_key=key, file_name=FILE_NAME, added_at=now
    )


def _apply(uscc: str, name: str, division: str, level: str, state: ApplicationState, now: datetime) -> None:
    vetted = state == ApplicationState.VETTED
    row = SupplierApplication.objects.create(
        number=new_number(now=now),
        kind=ApplicationKind.REGISTRATION,
        state=state,
        version=2,
        applicant_name="演示申请人",
        uscc=uscc,
        name=name,
        legal_representative="演示法人",
        address="演示路91号",
        division_code=division,
        phone="0990-0000091",
        size=Size.SMALL,
        sme_declared=True,
        record_declared=True,
        collecting_code=level,
        created_at=now,
        changed_at=now,
        submitted_at=now,
        due_on=local_date(now) + timedelta(days=7),
        vetted_at=now if vetted else None,
        vetted_by_name="演示审核人" if vetted else "",
    )
    stored = store_file(actor=SYSTEM, name=FILE_NAME, content=licence(), purpose=DOCUMENT.name, now=now)
    ApplicationDocument.objects.create(
        application=row,
        kind=DocumentKind.LICENCE,
        title=TITLE,
        number=uscc,
        file_key=stored.key,
        file_name=stored.name,
        added_at=now,
    )
    tell_application(SYSTEM, "suppliers.application_passed" if vetted else "suppliers.application_submitted", row, now)
