"""Failures in words: what happened, and what to do. Never a value of a row."""

from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.utils.translation import gettext_noop as _

from kpi import registry
from kpi.sentences import Sentence
from kpi.source import Refused

NO_SPACE = ("no space", "disk is full", "disk i/o error", "could not extend", "could not write", "file too large", "errno 28")
READ_ONLY = ("readonly", "read-only")
ENDED = "terminating connection"  # by the server, of who stood still in a transaction: an InternalError, though the connection is gone
BUSY = ("locked", "lock timeout", "deadlock", "could not obtain lock")


def is_busy(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and any(word in str(error).lower() for word in BUSY)


def is_no_space(error: BaseException) -> bool:
    return isinstance(error, OSError | DatabaseError) and any(word in str(error).lower() for word in NO_SPACE)


def is_read_only(error: BaseException) -> bool:
    """A disk after an error, a database that only follows another one."""
    return isinstance(error, OSError | DatabaseError) and any(word in str(error).lower() for word in READ_ONLY)


def is_interrupted(error: BaseException) -> bool:
    """The database went away or cannot be written: the run is repeated by itself once it is back."""
    if isinstance(error, DatabaseError) and (is_read_only(error) or ENDED in str(error).lower()):
        return True
    return isinstance(error, OperationalError | InterfaceError) and not is_busy(error) and not is_no_space(error)


def sentence(error: BaseException) -> str:
    """What is said of the error, in the language of whoever is told."""
    return str(said_of(error))


def said_of(error: BaseException) -> Sentence:
    """What the run says of the error."""
    if isinstance(error, Refused):
        return error.said or Sentence(str(error))
    if isinstance(error, FileNotFoundError):
        return Sentence(_("The file is gone: import it again."))
    if is_no_space(error):
        return Sentence(_("There is no space left on the disk: nothing of this file was stored. Make room, then import it again."))
    if is_busy(error):
        return Sentence(_("The database was busy for too long: nothing of this file was stored. Import it again."))
    if is_read_only(error):
        return Sentence(_("The data folder cannot be written at the moment: nothing was stored. Import the file again when it can."))
    if isinstance(error, registry.Unknown):
        text = _("Nobody knows how to read this file: %(why)s. Nothing was stored; make a mapping for the source, or choose its format.")
        return Sentence(text, {"why": error})
    return _unforeseen(error)


def _unforeseen(error: BaseException) -> Sentence:
    kind = type(error).__name__
    if isinstance(error, OSError):
        return Sentence(_("The file cannot be read (%(error)s): nothing was stored."), {"error": error.strerror or kind})
    if isinstance(error, IntegrityError):
        return Sentence(_("The database refused a row (%(rule)s): nothing of this file was stored."), {"rule": _constraint(error)})
    if is_interrupted(error):
        return Sentence(_("The database does not answer: nothing was stored. Import the file again when it does."))
    if isinstance(error, DatabaseError):
        return Sentence(_("The database refused the file (%(error)s): nothing was stored."), {"error": kind})
    return Sentence(_("The import stopped unexpectedly (%(error)s): nothing was stored. The log says where."), {"error": kind})


def _constraint(error: IntegrityError) -> str:
    """The name of the constraint; the rest of the message may quote the row."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or str(error).split("\n")[0].split("DETAIL")[0])[:120]
