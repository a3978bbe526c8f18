// expect file: export_count=2
const a = 1;
export = a;
export as namespace A;
import b = require("b");
