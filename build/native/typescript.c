#include "parser_shortcuts.h"

#include "typescript/parser.c"
