// expect: line=4 col=1 lines=2
// expect file: file_length=2
 ﻿　
 function spaces() {  
 
}