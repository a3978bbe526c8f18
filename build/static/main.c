/* The static binary's entry: an isolated CPython whose modules are all inside this file.
 *
 * Nothing outside is asked: no environment variable of Python, no import from the file system, no dynamic library.
 * The standard library and the program lie in frozen_modules.c, written by frozen_modules.py.
 */
#include <Python.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <sys/auxv.h>
#endif
#include "version.h" /* VERSION_LINE, what `--version` prints */

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
        ssize_t written = write(STDOUT_FILENO, text, left);
        if (written < 0) return 4; /* as the program itself: output could not be written */
        text += written, left -= (size_t)written;
    }
    return 0;
}

/* Our own path, which spawned workers are started from. Works without /proc. */
static void find_executable(const char *argv0, char path[PATH_MAX])
{
#ifdef __APPLE__
    char raw[PATH_MAX];
    uint32_t size = sizeof raw;
    if (_NSGetExecutablePath(raw, &size) == 0 && realpath(raw, path)) return;
#else
    ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);
    if (length > 0) { path[length] = 0; return; }
    const char *raw = (const char *)getauxval(AT_EXECFN);
    if (raw && realpath(raw, path)) return;
#endif
    snprintf(path, PATH_MAX, "%s", argv0);
}

static void start_interpreter(int argc, char **argv)
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

    char executable[PATH_MAX];
    find_executable(argc ? argv[0] : "complexity-guard", executable);
    PyConfig_SetBytesString(&config, &config.executable, executable);
    PyConfig_SetBytesString(&config, &config.base_executable, executable);
    PyConfig_SetBytesString(&config, &config.program_name, executable);
    wchar_t **folders[] = {&config.home, &config.prefix, &config.exec_prefix, &config.base_prefix,
                           &config.base_exec_prefix, &config.stdlib_dir};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) PyConfig_SetString(&config, folders[i], L"/");
    PyConfig_SetString(&config, &config.platlibdir, L"lib");
    PyConfig_SetBytesArgv(&config, argc, argv);
    exit_on_error(Py_InitializeFromConfig(&config));
    PyConfig_Clear(&config);
    PySys_SetObject("frozen", Py_True); /* multiprocessing then starts workers by this file alone */
}

/* The interpreter ends with a fatal error where standard input is a folder (`<src`). Closed it is none, which the
 * program can bear, and can speak of where it needs one. */
static void close_folder(int fd)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) close(fd);
}

/* multiprocessing's resource tracker is started as `EXE [flags] -c "from … import main;main(FD)"`, even when frozen.
 * Exactly that text is understood: nothing is ever run because the command line says so. */
static int is_tracker(int argc, char **argv, int *fd)
{
    int end = 0;
    const char *text = argc > 2 && !strcmp(argv[argc - 2], "-c") ? argv[argc - 1] : "";
    sscanf(text, "from multiprocessing.resource_tracker import main;main(%d)%n", fd, &end);
    return end && !text[end];
}

static int run_tracker(int fd)
{
    PyObject *module = PyImport_ImportModule("multiprocessing.resource_tracker");
    PyObject *result = module ? PyObject_CallMethod(module, "main", "i", fd) : NULL;
    return result ? 0 : -1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && !strcmp(argv[1], "--version")) return print_version();
    close_folder(STDIN_FILENO);
    start_interpreter(argc, argv);

    int fd;
    int failed = is_tracker(argc, argv, &fd) ? run_tracker(fd) : PyImport_ImportFrozenModule("__main__");
    if (failed < 0) PyErr_Print(); /* exits when the exception is SystemExit, which is the usual end */
    return Py_FinalizeEx() < 0 ? 120 : failed < 0;
}
