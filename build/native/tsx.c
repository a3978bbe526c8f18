#include "parser_shortcuts.h"

#include "tsx/parser.c"
