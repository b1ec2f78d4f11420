"""Has the worker check an uploaded file, describe it, and publish what waited for it."""

import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django_tasks import task
from PIL import Image as PillowImage
from wagtail.log_actions import log
from wagtail.search import index

from finance.examination import Examination, examine
from finance.models import FileText, Filing, FilingFile
from finance.models.filing_file import THUMBNAIL_NAME, FileState

logger = logging.getLogger("cmsc_site.finance")


@task()
def check_file(file_id: int) -> str:
    """Check a waiting file; return its state after that, or "gone" where nothing waits."""
    file = FilingFile.objects.filter(pk=file_id, state=FileState.WAITING).first()
    if file is None:
        return "gone"
    with local_copy(file) as path:
        examination = examine(path)
    with transaction.atomic():
        # The filing before its files, in the order in which publishing locks them.
        Filing.objects.select_for_update().filter(pk=file.filing_id).first()
        file = FilingFile.objects.select_for_update().get(pk=file_id)
        if not file.is_waiting:
            return file.state
        describe(file, examination)
        revision, publisher = file.publish_revision, file.publish_by
        file.publish_revision = file.publish_by = None
        file.save()
        log(
            instance=file.filing or file,
            action="finance.accept" if file.is_accepted else "finance.refuse",
            data={"file": file.original_name},
        )
        if revision and file.is_accepted and Filing.kept.filter(pk=file.filing_id).exists():
            revision.publish(user=publisher, skip_permission_checks=True)
        elif file.filing_id:
            index.insert_or_update_object(Filing.objects.get(pk=file.filing_id))
    return file.state


def describe(file: FilingFile, examination: Examination) -> None:
    """Write onto the file what the examination found; a refused file keeps no words or picture."""
    file.checked_at = timezone.now().replace(microsecond=0)
    file.sha256 = examination.sha256
    file.pages = examination.pages
    file.language = examination.language[:35]
    file.is_tagged = examination.tagged
    if examination.findings:
        file.state = FileState.REFUSED
        file.findings = {code: examination.details.get(code, "") for code in examination.findings}
        return
    file.state = FileState.ACCEPTED
    file.findings = {}
    FileText.objects.update_or_create(file=file, defaults={"words": examination.text})
    if examination.thumbnail:
        picture = ContentFile(examination.thumbnail, name=THUMBNAIL_NAME)
        with PillowImage.open(picture) as image:
            file.thumbnail_width, file.thumbnail_height = image.size
        picture.seek(0)
        file.thumbnail.save(THUMBNAIL_NAME, picture, save=False)


@contextmanager
def local_copy(file: FilingFile) -> Iterator[Path]:
    """Give the path of the file on this machine, fetched where it is stored elsewhere."""
    try:
        yield Path(file.file.path)
        return
    except NotImplementedError:
        pass
    with tempfile.TemporaryDirectory(prefix="filing-") as folder:
        path = Path(folder) / "file.pdf"
        with file.file.open("rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield path
