"""Turn a generated parser.c into one whose large tables are inflated at first use: 2.6 MB of tables become 0.2 MB.

The tables are constant initialisers full of macros and designators, so the compiler is the one to evaluate them: the
source is compiled once more with a `main` that writes the tables' bytes. Their layout is the same on every target
we have (little-endian, 64-bit). The largest is folded, which takes half of all that there is to inflate: so a start
takes less, and a parse finds more of what it looks up in the processor's caches.
"""

from __future__ import annotations

import re
import subprocess
from array import array
from collections.abc import Sequence
from pathlib import Path

import deflate

LARGE = "ts_parse_table"
TABLES = (
    LARGE, "ts_small_parse_table", "ts_small_parse_table_map", "ts_lex_modes",
    "ts_parse_actions", "ts_alias_sequences", "ts_field_map_entries",
)  # fmt: skip
UNUSED = "ts_primary_state_ids"  # asked for by queries, which the kernel has none of: it stays empty

DUMP_LINE = """\
    fprintf(stderr, "%zu\\n", sizeof {table} / sizeof *{table});
    fwrite({table}, 1, sizeof {table}, stdout);
"""

DUMP = """
#include <stdio.h>
int main(void) {{
{lines}
    return 0;
}}
"""

INFLATE_LINES = """\
    stream.next_out = (unsigned char *){table}; stream.avail_out = sizeof {table};
    if (inflate(&stream, Z_SYNC_FLUSH) < 0 || stream.avail_out) abort();
"""

INFLATE = """
#include <stdlib.h>
#include <zlib.h>
static const unsigned char packed_tables[] = {{
#embed "{blob}"
}};
/* Called before the first parse of a process, from one thread: languages are made under the GIL. */
static void inflate_tables(void) {{
    static bool done;
    if (done) return;
    z_stream stream = {{.next_in = (unsigned char *)packed_tables, .avail_in = sizeof packed_tables}};
    if (inflateInit2(&stream, -15) != Z_OK) abort();
{lines}
    inflateEnd(&stream);
    done = true;
}}
"""


def definition(source: str, table: str) -> re.Match[str]:
    found = re.search(rf"^static const (\w+) {table}((?:\[\w*\])+) = \{{\n.*?^\}};\n", source, re.S | re.M)
    if not found:
        raise SystemExit(f"pack_grammar: no table {table} in this parser: has the generator changed?")
    return found


def evaluate(parser: Path, compiler: list[str], environment: dict[str, str]) -> tuple[dict[str, int], bytes]:
    """Each table's length, and the bytes of all of them in order."""
    lines = "".join(DUMP_LINE.format(table=table) for table in TABLES)
    dumper = parser.with_name("dump.c")
    dumper.write_text(f'#include "{parser.name}"\n' + DUMP.format(lines=lines))
    command = [*compiler, "-O0", "-w", "-I..", "dump.c", "scanner.c", "-o", "dump"]
    subprocess.run(command, cwd=parser.parent, env=environment, check=True)
    said = subprocess.run([parser.with_name("dump")], check=True, capture_output=True)
    return dict(zip(TABLES, map(int, said.stderr.split()), strict=True)), said.stdout


def folded(table: Sequence[int], width: int) -> array[int]:
    """A table of rows of `width` numbers as `large_entry` of the kernel reads it: for each row the places of its sixteens,
    and behind all rows each sixteen once."""
    places: dict[tuple[int, ...], int] = {}
    rows = [table[at : at + width] for at in range(0, len(table), width)]
    cut = [tuple(row[at : at + 16]) for row in rows for at in range(0, width, 16)]
    first = -(-len(cut) // 16)  # where sixteens begin, in sixteens
    index = [first + places.setdefault(sixteen + (0,) * (16 - len(sixteen)), len(places)) for sixteen in cut]
    index += [0] * (first * 16 - len(index))
    return array("H", [*index, *(number for sixteen in places for number in sixteen)])


def with_folded(source: str, lengths: dict[str, int], data: bytes) -> tuple[str, dict[str, int], bytes]:
    """The same with the large table folded: it has one dimension then."""
    width = int(re.search(r"^#define SYMBOL_COUNT (\d+)$", source, re.M)[1])
    size = lengths[LARGE] * width * 2
    table = folded(array("H", data[:size]), width)
    source = source.replace(f"{LARGE}[LARGE_STATE_COUNT][SYMBOL_COUNT] =", f"{LARGE}[] =")
    source = source.replace(f"&{LARGE}[0][0]", LARGE)
    return source, lengths | {LARGE: len(table)}, table.tobytes() + data[size:]


def packed(source: str, lengths: dict[str, int], blob: str) -> str:
    for table in (*TABLES, UNUSED):
        found = definition(source, table)
        dims = found[2].replace("[]", f"[{lengths.get(table)}]")
        source = source[: found.start()] + f"static {found[1]} {table}{dims};\n" + source[found.end() :]
    lines = "".join(INFLATE_LINES.format(table=table) for table in TABLES)
    entry = re.search(r"^TS_PUBLIC const TSLanguage \*\w+\(void\) \{\n", source, re.M)
    if not entry:
        raise SystemExit("pack_grammar: no language function in this parser")
    head, tail = source[: entry.start()], source[entry.end() :]
    extern = head.rindex("#ifdef __cplusplus")  # headers are not to be included inside `extern "C"`
    inflater = INFLATE.format(blob=blob, lines=lines)
    return head[:extern] + inflater + head[extern:] + entry[0] + "  inflate_tables();\n" + tail


def pack(parser: Path, compiler: list[str], environment: dict[str, str]) -> None:
    """Rewrite `parser` in place; `compiler` makes programs for the machine that builds."""
    source, lengths, data = with_folded(parser.read_text(), *evaluate(parser, compiler, environment))
    blob = parser.with_name("tables.z")
    blob.write_bytes(deflate.deflated(data, raw=True))
    parser.write_text(packed(source, lengths, blob.name))
    print(f"packed the tables of {parser.parent.name}: {len(data):,} bytes to {blob.stat().st_size:,}")
