"""The tables of a chunk and their bytes: the same content is always the same file."""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.columns import MARK, annotated
from sim.sweep.chunk import Chunk, Done, parameters

ROW_GROUP = 2**17


def tables_of(chunk: Chunk, batches: Sequence[Done]) -> dict[str, pa.Table]:
    """Return the tables of a chunk from its batches, by name.

    What was recorded of a chunk of which some run did not fail has a table, even without a row:
    one that is missing is then known to be lost.
    """
    failed = {run: why for batch in batches for run, why in batch.failed.items()}
    names = dict.fromkeys(name for batch in batches for name in batch.frames)
    tables = {
        name: _joined(chunk, name, [b.frames[name] for b in batches if name in b.frames], failed)
        for name in names
    }
    if failed:
        tables["failures"] = _failures(chunk, failed)
    if "runs" not in tables:
        tables["runs"] = _joined(chunk, "runs", [], failed)
    states = {code: name for base in chunk.bases.values() for code, name in base.names.items()}
    return {
        name: annotated(table, name, states).replace_schema_metadata({MARK: chunk.sweep})
        for name, table in tables.items()
        if table.num_rows or name == "runs" or tables["runs"].num_rows
    }


def _joined(
    chunk: Chunk, name: str, frames: list[pd.DataFrame], failed: dict[int, str]
) -> pa.Table:
    frames = [frame[~frame["run"].isin(list(failed))] for frame in frames]
    if name != "runs":
        if len({tuple(frame.columns) for frame in frames}) == 1:
            frames = [pd.concat(frames, ignore_index=True)]
        return joined([_plain(pa.Table.from_pandas(f, preserve_index=False)) for f in frames])
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"run": []})
    runs = frame["run"].to_numpy(dtype=np.int64)
    outcomes = frame.reindex(columns=list(chunk.outcomes)).to_numpy(dtype=np.float64)
    columns = {key: pa.array(values) for key, values in _typed(chunk, runs).items()}
    columns |= {  # what is not defined is null, which SQL and pandas pass over alike
        key: pa.array(outcomes[:, k], from_pandas=True) for k, key in enumerate(chunk.outcomes)
    }
    return pa.table(columns)


def _failures(chunk: Chunk, failed: dict[int, str]) -> pa.Table:
    runs = np.array(sorted(failed), dtype=np.int64)
    leading = dict(_typed(chunk, runs))
    why = pa.array([failed[run] for run in runs.tolist()], type=pa.string())
    return pa.table({**leading, "reason": why})


def _typed(chunk: Chunk, runs: np.ndarray) -> dict[str, pa.Array]:
    """Return the leading columns with types that hold without any row too."""
    return {
        name: pa.array(values, type=pa.string() if values.dtype.kind == "O" else None)
        for name, values in parameters(chunk, runs).items()
    }


def _plain(table: pa.Table) -> pa.Table:
    """Return a table without pandas' notes, its texts of one type, however they were held."""

    def plain(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_dictionary(kind):
            return plain(kind.value_type)
        if pa.types.is_large_string(kind) or pa.types.is_null(kind):
            return pa.string()
        return kind

    fields = [pa.field(field.name, plain(field.type)) for field in table.schema]
    return table.cast(pa.schema(fields))


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Return tables one below the other.

    Runs differ in their targets, and so in the columns of their steps: what one lacks is null, and
    the columns stand in an order that does not depend on who came first.
    """
    names = {tuple(table.column_names) for table in tables}
    if len(names) > 1:
        order = ["run", *sorted(set().union(*names) - {"run"})]
        return pa.concat_tables(tables, promote_options="default").select(order)
    return pa.concat_tables(tables)


def merged(before: pa.Table, after: pa.Table) -> pa.Table:
    """Return the rows of both tables by run, those of `after` in place of earlier ones."""
    kept = before.filter(pc.invert(pc.is_in(before["run"], after["run"].combine_chunks())))
    both = joined([kept, after])
    # Rows of one run keep their order: the sort is stable by its second key.
    order = np.lexsort((np.arange(both.num_rows), both["run"].to_numpy()))
    return both.take(order)


def encoded(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = io.BytesIO()
    pq.write_table(
        table.combine_chunks(), sink, compression="zstd", compression_level=3,
        row_group_size=ROW_GROUP, write_page_checksum=True,
    )  # fmt: skip
    return sink.getvalue()
