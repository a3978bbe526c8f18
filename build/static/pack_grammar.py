"""Turn a generated parser.c into one whose large tables are inflated at first use: 2.6 MB of tables become 0.2 MB.

The tables are constant initialisers full of macros and designators, so the compiler is the one to evaluate them: the
source is compiled once more with a `main` that writes the tables' bytes. Their layout is the same on every target
we have (little-endian, 64-bit).
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import deflate

TABLES = (
    "ts_parse_table", "ts_small_parse_table", "ts_small_parse_table_map", "ts_lex_modes", "ts_primary_state_ids",
    "ts_parse_actions", "ts_alias_sequences", "ts_field_map_entries",
)  # fmt: skip

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


def packed(source: str, lengths: dict[str, int], blob: str) -> str:
    for table in TABLES:
        found = definition(source, table)
        dims = found[2].replace("[]", f"[{lengths[table]}]")
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
    lengths, data = evaluate(parser, compiler, environment)
    blob = parser.with_name("tables.z")
    blob.write_bytes(deflate.deflated(data, raw=True))
    parser.write_text(packed(parser.read_text(), lengths, blob.name))
    print(f"packed the tables of {parser.parent.name}: {len(data):,} bytes to {blob.stat().st_size:,}")
