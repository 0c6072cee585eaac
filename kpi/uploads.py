"""Files of a form, counted while they are read: none of whoever may send none, and of others never more than IMPORT_MAX_MB.

Django reads a form, its files too, before any view asks who sent it: without this a stranger could fill the disk through the log-in page.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from kpi.models import Membership

MB = 10**6
SEND_FILES = (Membership.Role.ANALYST, Membership.Role.STEWARD, Membership.Role.ADMINISTRATOR)


class Counted(FileUploadHandler):
    """Stands before the handler that keeps the bytes."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.size, self.most = 0, -1

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.most < 0:
            self.most = settings.IMPORT_MAX_MB * MB if self._may_send() else 0
        if not self.most:
            raise RequestDataTooBig(_("No file is taken here from you; nothing was kept."))

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.size += len(raw_data)
        if self.size > self.most:
            raise RequestDataTooBig(_("The file is larger than %(limit)d MB, the limit of this site.") % {"limit": self.most // MB})
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

    def _may_send(self) -> bool:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_active or not user.is_authenticated:
            return False
        return bool(user.is_superuser) or Membership.objects.filter(user=user, role__in=SEND_FILES).exists()
