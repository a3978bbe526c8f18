// expect: line=2 col=7 end_line=2 end_col=24 lines=1
export function bom() {}
