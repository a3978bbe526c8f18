// expect: line=2 col=0 end_line=5 end_col=1 lines=3 cyclomatic=2 function separators(a) {    if (a) {} } // expect file: file_length=3
