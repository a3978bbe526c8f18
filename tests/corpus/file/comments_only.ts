// expect file: file_length=0
// expect module: cyclomatic=1
