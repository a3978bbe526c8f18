function atTheStart() {}
// expect: line=1 col=0 end_col=24 lines=1
// expect file: file_length=1
