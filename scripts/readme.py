#!/usr/bin/env python3
"""Write the option tables of README.md anew from the option table: `make docs`."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import complexity_guard as cg  # noqa: E402

readme = ROOT / "README.md"
text = readme.read_text(encoding="utf-8")
begin, end = re.search(r"<!-- options:.*?-->\n", text, re.S).end(), text.index("<!-- end of options -->")
readme.write_text(text[:begin] + "\n" + cg.options_markdown().strip() + "\n\n" + text[end:], encoding="utf-8")
