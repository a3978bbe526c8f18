/* What stands where CPython's parser, compiler and path search would: the static binary runs only the bytecode inside it.
 *
 * The linker takes a member of libpython.a only for a symbol that nothing before it defines. These definitions leave out
 * some twenty members, 540 KB; nothing outside the file can then become code, and the start asks the file system nothing.
 */
#define Py_BUILD_CORE 1
#define NEED_OPCODE_METADATA /* the interpreter's tables of opcodes, which otherwise lie with the compiler */
#include <Python.h>
#include "pycore_ast.h"
#include "pycore_compile.h"
#include "pycore_initconfig.h"
#include "pycore_instruction_sequence.h"
#include "pycore_opcode_metadata.h"
#include "pycore_parser.h"
#include "pycore_pylifecycle.h"
#include "pycore_symtable.h"

static void *no_compiler(void)
{
    PyErr_SetString(PyExc_RuntimeError, "this program holds no compiler");
    return NULL;
}

mod_ty _PyParser_ASTFromString(const char *text, PyObject *file, int mode, PyCompilerFlags *flags, PyArena *arena)
{
    return no_compiler();
}

mod_ty _PyParser_ASTFromFile(FILE *fp, PyObject *file, const char *encoding, int mode, const char *ps1, const char *ps2,
                             PyCompilerFlags *flags, int *error, PyArena *arena)
{
    return no_compiler();
}

mod_ty _PyParser_InteractiveASTFromFile(FILE *fp, PyObject *file, const char *encoding, int mode, const char *ps1,
                                        const char *ps2, PyCompilerFlags *flags, int *error, PyObject **source, PyArena *arena)
{
    return no_compiler();
}

PyCodeObject *_PyAST_Compile(mod_ty tree, PyObject *file, PyCompilerFlags *flags, int optimize, PyArena *arena)
{
    return no_compiler();
}

int _PyCompile_AstOptimize(mod_ty tree, PyObject *file, PyCompilerFlags *flags, int optimize, PyArena *arena) { return -1; }
int PyCompile_OpcodeStackEffect(int opcode, int oparg) { return PY_INVALID_STACK_EFFECT; }
char *_PyTokenizer_FindEncodingFilename(int fd, PyObject *file) { return NULL; }
char *PyOS_Readline(FILE *in, FILE *out, const char *prompt) { return no_compiler(); }
int (*PyOS_InputHook)(void) = NULL;

int PyAST_Check(PyObject *object) { return 0; }
PyObject *PyAST_mod2obj(mod_ty tree) { return no_compiler(); }
mod_ty PyAST_obj2mod(PyObject *tree, PyArena *arena, int mode) { return no_compiler(); }
int _PyAST_Validate(mod_ty tree) { return 0; }
void _PyAST_Fini(PyInterpreterState *interpreter) {}

/* These two are in the list of types that an interpreter makes ready at its start. */
PyTypeObject PySTEntry_Type = {PyVarObject_HEAD_INIT(&PyType_Type, 0).tp_name = "symtable entry", .tp_flags = Py_TPFLAGS_DEFAULT};
PyTypeObject _PyInstructionSequence_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0).tp_name = "InstructionSequence", .tp_flags = Py_TPFLAGS_DEFAULT};

/* `__name` in the __slots__ of a class becomes `_Class__name`: the one part of the compiler that running code asks for. */
PyObject *_Py_Mangle(PyObject *class_name, PyObject *name)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(name), skip = 0;
    if (!class_name || !PyUnicode_Check(class_name) || length < 3 || PyUnicode_READ_CHAR(name, 0) != '_'
        || PyUnicode_READ_CHAR(name, 1) != '_' || PyUnicode_FindChar(name, '.', 0, length, 1) >= 0
        || (PyUnicode_READ_CHAR(name, length - 1) == '_' && PyUnicode_READ_CHAR(name, length - 2) == '_'))
        return Py_NewRef(name);
    Py_ssize_t size = PyUnicode_GET_LENGTH(class_name);
    while (skip < size && PyUnicode_READ_CHAR(class_name, skip) == '_') skip++;
    if (skip == size) return Py_NewRef(name);
    PyObject *bare = PyUnicode_Substring(class_name, skip, size);
    PyObject *mangled = bare ? PyUnicode_FromFormat("_%U%U", bare, name) : NULL;
    Py_XDECREF(bare);
    return mangled;
}

/* main.c sets every path that this would search for. */
PyStatus _PyConfig_InitPathConfig(PyConfig *config, int compute) { return _PyStatus_OK(); }
