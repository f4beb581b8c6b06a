"""The vector index held to an exact scan: recall@10, time and size by `hnsw.ef_search`, with numbers of four bytes and of two.

All of it within one session of the server, so that neither the network nor a pool counts. The index of half precision is made
for this beside the one that is there, and dropped again.
"""

import time

from ..raw import percentile
from ..tables import markdown

HELP = "recall and time of the vector index for ef 20 to 200, full and half precision, beside an exact scan"
# Nearest neighbours that are compared.
NEAREST = 10
# Two that are nearer to each other than this are as near: equal texts have equal vectors.
EQUAL = 1e-6
# What a search is about: chunks of the index itself, the same each time.
SAMPLE = "select embedding from {table} order by md5(chunk_id) limit {samples}"
MEASURE = """
create temporary table samples as {sample};
create temporary table measured (place int, milliseconds float8, found int, wanted int);
create function pg_temp.measure(of_table regclass, as_type text, dimensions int, is_exact bool) returns void language plpgsql as $$
declare
    one record; began timestamptz; took float8; found float8[]; least float8[]; number int := 0;
begin
    for one in select embedding from samples loop
        number := number + 1;
        -- Twice: the first time reads what lies on the disk.
        for round in 1..2 loop
            began := clock_timestamp();
            execute format('select array_agg(embedding::vector(%s) <=> $1) from (select embedding from %s
                order by (embedding::%s(%s) <=> $1::%s(%s))%s limit {nearest}) as near',
                dimensions, of_table, as_type, dimensions, as_type, dimensions, case when is_exact then ' + 0' else '' end)
                into found using one.embedding;
            took := extract(epoch from clock_timestamp() - began) * 1000;
        end loop;
        execute format('select array_agg(distance) from (select embedding::vector(%s) <=> $1 as distance from %s
            order by (embedding::vector(%s) <=> $1) + 0 limit {nearest}) as near', dimensions, of_table, dimensions) into least using one.embedding;
        insert into measured select number, took, count(*), cardinality(least) from unnest(found) as distance
            where distance <= least[cardinality(least)] + {equal};
    end loop;
end $$;
set hnsw.iterative_scan = strict_order;
set jit = off;
"""


def arguments(parser):
    parser.add_argument("--samples", type=int, default=100, help="searches for each figure (%(default)s)")
    parser.add_argument("--ef", type=int, nargs="+", default=[20, 40, 60, 100, 150, 200], help="values of hnsw.ef_search (%(default)s)")


def run(rig, options):
    shop, ingested = rig.shop()
    query = shop.stores.query
    [[generation, dimensions, rows]] = query(
        "select g.id, g.dimensions, (select count(*) from knowledge.chunks c where c.generation = g.id)"
        " from knowledge.generations g join knowledge.live l on l.generation = g.id;"
    )
    table = f"knowledge.chunks_{generation}"
    begun = time.monotonic()
    query(
        f"set maintenance_work_mem = '1GB'; create index if not exists measured_half on {table}"
        f" using hnsw ((embedding::halfvec({dimensions})) halfvec_cosine_ops);"
    )
    built = time.monotonic() - begun
    try:
        sizes = {name: size(query, index) for name, index in (("vector", f"{table}_embedding"), ("halfvec", "knowledge.measured_half"))}
        exact = measured(query, table, "vector", dimensions, options, None)
        searches = [measured(query, table, name, dimensions, options, ef) for name in sizes for ef in options.ef]
    finally:
        query("drop index if exists knowledge.measured_half;")
    return {
        "ingested": ingested, "chunks": int(rows), "samples": options.samples, "half_built_seconds": built, "index_mb": sizes,
        "exact": exact, "searches": searches,
    }


def size(query, index):
    [[found]] = query(f"select pg_relation_size('{index}');")
    return int(found) / 1e6


def measured(query, table, kind, dimensions, options, ef):
    """Searches with one kind of index; without `ef` the exact scan."""
    samples = SAMPLE.format(table=table, samples=options.samples)
    script = MEASURE.format(sample=samples, nearest=NEAREST, equal=EQUAL)
    script += f"set hnsw.ef_search = {ef};" if ef else ""
    script += f"select pg_temp.measure('{table}', '{kind}', {dimensions}, {str(ef is None).lower()});"
    script += "select milliseconds, found, wanted from measured order by place;"
    rows = [row for row in query(script) if len(row) == 3]
    times = [float(row[0]) for row in rows]
    found, wanted = (sum(int(row[column]) for row in rows) for column in (1, 2))
    return {
        "index": kind, "ef": ef, "recall": min(1.0, found / wanted), "p50_ms": percentile(times, 0.5), "p99_ms": percentile(times, 0.99),
    }


def tables(result):
    exact = result["exact"]
    heads = ["index", "MB", "ef", "recall@10", "p50, ms", "p99, ms", "exact scan / p50"]
    rows = [["exact scan", "", "", exact["recall"], exact["p50_ms"], exact["p99_ms"], 1.0]]
    for one in result["searches"]:
        ratio = exact["p50_ms"] / one["p50_ms"]
        rows.append([one["index"], result["index_mb"][one["index"]], one["ef"], one["recall"], one["p50_ms"], one["p99_ms"], ratio])
    words = (
        f"{result['chunks']} chunks, {result['samples']} searches each for vectors of the index itself, in the server.\n"
        f"The index of half precision was built in {result['half_built_seconds']:.0f} s."
    )
    return "\n\n".join(["## Vector index", words, markdown(heads, rows)])
