"""Many files of problems to documents: worked in processes that can be killed, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext

from symback.batch.cluster import Cluster
from symback.batch.folder import Folder
from symback.batch.journal import Journal
from symback.batch.outputs import Outputs
from symback.batch.plan import Options, workers_for
from symback.batch.pool import Pool
from symback.batch.progress import Watch
from symback.batch.report import Report
from symback.batch.run import Run, prepare, suffixes_of

__all__ = ["Options", "Report", "Watch", "solve"]


def solve(paths: Iterable[str], options: Options, watch: Watch | None = None) -> Report:
    """Solve files and folders of problems into a folder, and report.

    A problem, a file or a document that fails stops nothing else. UsageError, before any work, where a file would be
    lost or nothing can be written, and later where the disk is full. After that, or a KeyboardInterrupt, `resume` goes
    on with what is done.
    """
    paths = tuple(paths)
    with Pool(options.jobs, prepare(options)) as pool:
        pool.start(workers_for(paths, options))
        suffixes = suffixes_of(options, pool)
        with _cluster(options) as cluster, closing(Folder(options.out)) as folder, _journal(folder) as journal:
            outputs = Outputs(folder, journal, force=options.force)
            return Run(options, outputs, pool, cluster, watch or Watch()).go(paths, suffixes)


@contextmanager
def _journal(folder: Folder) -> Iterator[Journal]:
    """Open the journal of a run; it outlives a run that does not end well."""
    journal = Journal(folder)
    try:
        yield journal
    except BaseException:
        journal.close(finished=False)
        raise
    journal.close(finished=True)


def _cluster(options: Options) -> AbstractContextManager[Cluster | None]:
    return closing(Cluster(options.cluster)) if options.cluster else nullcontext()
