/* The static binary's entry: an isolated CPython whose modules are all inside this file.
 *
 * Nothing outside is asked: no environment variable of Python, no import from the file system, no dynamic library.
 * The standard library and the program lie in frozen_modules.c, written by frozen_modules.py.
 */
#include <Python.h>
#include <string.h>
#include "version.h" /* VERSION_LINE, what `--version` prints */

/* What differs by operating system: MAIN, Argument, begin, is_version, write_out, set_names, is_tracker. */
#ifdef _WIN32
#include "on_windows.h"
#else
#include "on_unix.h"
#endif

static void exit_on_error(PyStatus status)
{
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
}

/* `--version` alone is asked by every installer and editor: answer without starting an interpreter. */
static int print_version(void)
{
    const char *text = VERSION_LINE "\n";
    size_t left = strlen(text);
    while (left) {
        long long written = write_out(text, left);
        if (written < 0) return 4; /* as the program itself: output could not be written */
        text += written, left -= (size_t)written;
    }
    return 0;
}

static void start_interpreter(int argc, Argument *argv)
{
    PyPreConfig pre;
    PyPreConfig_InitIsolatedConfig(&pre);
    pre.utf8_mode = 1;
    exit_on_error(Py_PreInitialize(&pre));

    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.site_import = 0;
    config.install_signal_handlers = 1;
    config.write_bytecode = 0;
    config.optimization_level = 2;
    config.pathconfig_warnings = 0;
    config.parse_argv = 0;
    config.use_frozen_modules = 1;
    config.module_search_paths_set = 1; /* to none: no import from the file system */

    set_names(&config, argc, argv);
    wchar_t **folders[] = {&config.home, &config.prefix, &config.exec_prefix, &config.base_prefix,
                           &config.base_exec_prefix, &config.stdlib_dir};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) PyConfig_SetString(&config, folders[i], L"/");
    PyConfig_SetString(&config, &config.platlibdir, L"lib");
    exit_on_error(Py_InitializeFromConfig(&config));
    PyConfig_Clear(&config);
    PySys_SetObject("frozen", Py_True); /* multiprocessing then starts workers by this file alone */
}

static int run_tracker(int fd)
{
    PyObject *module = PyImport_ImportModule("multiprocessing.resource_tracker");
    PyObject *result = module ? PyObject_CallMethod(module, "main", "i", fd) : NULL;
    return result ? 0 : -1;
}

int MAIN(int argc, Argument *argv)
{
    if (argc == 2 && is_version(argv[1])) return print_version();
    begin();
    start_interpreter(argc, argv);

    int fd;
    int failed = is_tracker(argc, argv, &fd) ? run_tracker(fd) : PyImport_ImportFrozenModule("__main__");
    if (failed < 0) PyErr_Print(); /* exits when the exception is SystemExit, which is the usual end */
    return Py_FinalizeEx() < 0 ? 120 : failed < 0;
}
