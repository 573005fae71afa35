"""Everything that a run writes: documents, the journal of what is finished, the ledger of what is symback's own."""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from symback.batch.failures import Reason
from symback.batch.folder import Folder, Names, digest
from symback.batch.journal import Journal
from symback.batch.manifest import Ledger
from symback.batch.plan import Output
from symback.errors import UsageError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}  # no other file can be written either


class Outputs:
    """The folder of the outputs and what is known of it; `force` replaces files that are not symback's own too."""

    def __init__(self, folder: Folder, journal: Journal, *, force: bool) -> None:
        self._folder = folder
        self._journal = journal
        self._ledger = Ledger(folder, journal.written)
        self._force = force

    # --- before any work -------------------------------------------------------------------------------------------

    def is_own(self, path: Path) -> bool:
        """Tell whether a file that lies among the problems is one that symback wrote."""
        if not path.is_relative_to(self._folder.path):
            return False
        return self._ledger.knows("/".join(path.relative_to(self._folder.path).parts))

    def refuse(self, outputs: Iterable[Output], inputs: Collection[Path]) -> None:
        """Raise UsageError where one of the outputs would replace what must not be lost."""
        for output in outputs:
            path = self._path(output.names)
            refusal = self._ledger.refusal(output.names, force=self._force)
            if path in inputs:
                refusal = "it is one of the files to be solved"
            if refusal:
                raise UsageError(f"{path} is not replaced: {refusal}.")

    def start(self, folders: Iterable[Names], *, resume: bool) -> str:
        """Take away what an interrupted run left, but with `resume` what it had finished; return what is to be said."""
        for folder in folders:
            self._folder.sweep(folder)
        if resume:
            return ""
        dropped = len(self._journal)
        if self._journal.written:
            self._saved(self._ledger.save)
        self._journal.drop()
        return "what an interrupted run had finished was done again; --resume keeps it" if dropped else ""

    # --- while the run goes on -------------------------------------------------------------------------------------

    def find(self, key: str) -> dict[str, Any] | None:
        """Return a problem that an interrupted run had finished, or None."""
        return self._journal.find(key)

    def keep(self, key: str, said: dict[str, Any]) -> None:
        """Keep a problem that is finished, should this run be interrupted."""
        self._saved(lambda: self._journal.note(key, said))

    def stands(self, output: Output, made_from: str) -> bool:
        """Tell whether an interrupted run has written a document that would be made again from the same."""
        content = self._journal.made.get((str(output), made_from))
        return content is not None and self._ledger.is_written(output.names, content)

    def write(self, names: Names, content: bytes, made_from: str) -> Reason | None:
        """Write a file, whole, if that loses nothing; return why not. UsageError where the disk takes nothing more."""
        try:
            if refusal := self._ledger.refusal(names, force=self._force):
                return Reason(f"It is not replaced: {refusal}.")
            path, its_digest = "/".join(names), digest(content)
            self._saved(lambda: self._journal.note_file(path, its_digest, made_from))
            self._folder.write(names, content)
        except OSError as error:
            if error.errno in FULL:
                raise _full(error, self._path(names)) from None
            return Reason(f"It cannot be written: {error.strerror or error}.")
        self._ledger.note(names, its_digest)
        return None

    def finish(self, folders: Iterable[Names]) -> None:
        """Have everything on the disk."""
        for folder in folders:
            self._folder.settle(folder)
        self._saved(self._ledger.save)

    def _saved(self, write: Callable[[], None]) -> None:
        """Write to the journal or the ledger; where that cannot be, the run ends."""
        try:
            write()
        except OSError as error:
            raise _full(error, self._folder.path) from None

    def _path(self, names: Names) -> Path:
        return self._folder.path.joinpath(*names)


def _full(error: OSError, path: Path) -> UsageError:
    hint = "Finished problems are kept; the same command with --resume goes on."
    return UsageError(f"{path} cannot be written: {error.strerror or error}.", hint=hint)
