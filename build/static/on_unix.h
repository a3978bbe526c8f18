/* The parts of main.c that ask Linux or macOS. */
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <mach-o/dyld.h>
#else
#include <sys/auxv.h>
#endif

#define MAIN main
typedef char *Argument;

#ifdef MADV_HUGEPAGE
/* Python's small objects live in arenas of 1 MB. A start fills six, which are three large pages where the system gives such:
 * it meets 800 page faults less, a twentieth of its time. What comes later is as small as it can be, for workers have it each
 * for itself. All calls hold the GIL. */
enum { ARENA = 1 << 20, PAIR = 2 * ARENA, PAIRS = 3 };

static void *map(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

static void *take_arena(void *context, size_t size)
{
    static char *second; /* of a pair whose first was taken */
    static int pairs;
    (void)context;
    char *taken = second;
    second = NULL;
    if (taken && size == ARENA) return taken;

    char *pages = size == ARENA && pairs < PAIRS ? map(2 * PAIR) : NULL;
    if (!pages) return map(size);
    size_t before = -(uintptr_t)pages % PAIR;
    if (before) munmap(pages, before);
    munmap(pages + before + PAIR, PAIR - before);
    madvise(pages + before, PAIR, MADV_HUGEPAGE);
    pairs++;
    second = pages + before + ARENA;
    return pages + before;
}

static void give_arena(void *context, void *arena, size_t size)
{
    (void)context;
    munmap(arena, size);
}

static void pair_arenas(void)
{
    PyObjectArenaAllocator pairs = {NULL, take_arena, give_arena};
    PyObject_SetArenaAllocator(&pairs);
}
#else
static void pair_arenas(void) {}
#endif

/* The interpreter ends with a fatal error where standard input is a folder (`<src`). Closed it is none, which the
 * program can bear, and can speak of where it needs one. */
static void begin(void)
{
    struct stat status;
    if (fstat(STDIN_FILENO, &status) == 0 && S_ISDIR(status.st_mode)) close(STDIN_FILENO);
    pair_arenas();
}

static int is_version(const char *text) { return !strcmp(text, "--version"); }
static long long write_out(const char *text, size_t size) { return write(STDOUT_FILENO, text, size); }

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

static void set_names(PyConfig *config, int argc, char **argv)
{
    char executable[PATH_MAX];
    find_executable(argc ? argv[0] : "complexity-guard", executable);
    PyConfig_SetBytesString(config, &config->executable, executable);
    PyConfig_SetBytesString(config, &config->base_executable, executable);
    PyConfig_SetBytesString(config, &config->program_name, executable);
    PyConfig_SetBytesArgv(config, argc, argv);
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
