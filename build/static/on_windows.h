/* The parts of main.c that ask Windows. */
#include <windows.h>

#define MAIN wmain
typedef wchar_t *Argument;
#define LONGEST_PATH 32768

/* A wrong file descriptor is an error that the interpreter bears, and not the end of the process. */
static void say_nothing(const wchar_t *what, const wchar_t *function, const wchar_t *file, unsigned line, uintptr_t unused) {}

/* Consoles show colours where they are asked to: those from before Windows 10 cannot, and the program then writes none.
 * A worker that crashes must not wait for somebody to read a message box. */
static void begin(void)
{
    _set_invalid_parameter_handler(say_nothing);
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    const DWORD streams[] = {STD_OUTPUT_HANDLE, STD_ERROR_HANDLE};
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        DWORD mode;
        HANDLE stream = GetStdHandle(streams[i]);
        if (GetConsoleMode(stream, &mode)) SetConsoleMode(stream, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    }
}

static int is_version(const wchar_t *text) { return !wcscmp(text, L"--version"); }

static long long write_out(const char *text, size_t size)
{
    DWORD written;
    return WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), text, (DWORD)size, &written, NULL) ? written : -1;
}

/* Our own path is what spawned workers are started from. */
static void set_names(PyConfig *config, int argc, wchar_t **argv)
{
    static wchar_t executable[LONGEST_PATH];
    GetModuleFileNameW(NULL, executable, LONGEST_PATH);
    PyConfig_SetString(config, &config->executable, executable);
    PyConfig_SetString(config, &config->base_executable, executable);
    PyConfig_SetString(config, &config->program_name, executable);
    PyConfig_SetArgv(config, argc, argv);
}

/* multiprocessing has no resource tracker here. */
static int is_tracker(int argc, wchar_t **argv, int *fd) { return 0; }
