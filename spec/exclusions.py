"""Standard modules that no binary carries: name → why it can be left out.

Every freezer reads this table. A module named here is left out with everything below it; an `import` of it inside the
program or the standard library then fails as it would for a module that is not installed, so each row must be
one that is tried with a fallback, or sits in a function that the program never calls.
"""

EXCLUDED: dict[str, str] = {
    # Reached from what the program uses, by a path it does not take.
    "_aix_support": "AIX",
    "_android_support": "Android",
    "_apple_support": "iOS",
    "_ios_support": "iOS",
    "_osx_support": "building on macOS",
    "_pydatetime": "twin in Python of a module in C",
    "_pydecimal": "twin in Python of a module in C",
    "_pyio": "twin in Python of the built-in io",
    "_pylong": "integers of thousands of digits",
    "_pyrepl": "the interactive prompt",
    "_strptime": "reading dates, which no option takes",
    "_py_abc": "twin in Python of a module in C",
    "argparse": "options are read by a table of our own; others use it when they are run as scripts",
    "ast": "inspect and traceback look at source, which a binary does not hold",
    "asyncio": "the engine uses processes and threads",
    "bz2": "shutil's archives",
    "lzma": "shutil's archives",
    "_compression": "shutil's archives",
    "calendar": "only _strptime and http need it",
    "cmd": "the debugger",
    "code": "the interactive prompt",
    "codeop": "the interactive prompt",
    "complexity_guard_survey": "many repositories: for programs in Python",
    "concurrent": "multiprocessing.Pool is used directly",
    "ctypes": "multiprocessing.sharedctypes; 0.3 MB with libffi",
    "curses": "terminal screens",
    "datetime": "time.strftime serves; 0.2 MB",
    "_datetime": "as datetime",
    "decimal": "floats serve; 0.3 MB",
    "_decimal": "as decimal",
    "difflib": "unittest",
    "dis": "inspect reads bytecode with it; no report does",
    "doctest": "tests",
    "email": "http and importlib.metadata",
    "fractions": "statistics",
    "ftplib": "the network",
    "getopt": "as argparse",
    "getpass": "the network",
    "grp": "names of file owners",
    "gzip": "shutil's archives",
    "http": "the network",
    "hmac": "connections between strangers; our pipes are inherited",
    "html": "reports escape by their own table; html.entities alone is 80 KB",
    "idlelib": "an editor",
    "importlib.metadata": "there are no installed distributions in a binary",
    "importlib.readers": "there are no resource files in a binary",
    "importlib.resources": "there are no resource files in a binary",
    "inspect": "looks at source, which a binary does not hold",
    "gettext": "as argparse",
    "logging": "multiprocessing's own log, never switched on",
    "mimetypes": "the network",
    "mmap": "multiprocessing.heap, for shared arrays",
    "multiprocessing.forkserver": "start methods are fork and spawn",
    "multiprocessing.heap": "shared arrays",
    "multiprocessing.managers": "shared objects",
    "multiprocessing.popen_forkserver": "start methods are fork and spawn",
    "multiprocessing.resource_sharer": "passing sockets between processes",
    "multiprocessing.shared_memory": "shared arrays",
    "multiprocessing.sharedctypes": "shared arrays",
    "netrc": "the network",
    "nturl2path": "file URLs of Windows",
    "numbers": "statistics and fractions",
    "optparse": "argparse serves",
    "pdb": "the debugger",
    "plistlib": "property lists of macOS",
    "pprint": "reports are written by hand",
    "py_compile": "nothing is compiled at run time",
    "pydoc": "the interactive help",
    "readline": "the interactive prompt",
    "secrets": "the network",
    "site": "there is no site-packages in a binary",
    "smtplib": "the network",
    "socketserver": "the network",
    "sqlite3": "databases",
    "ssl": "the network; 4 MB with OpenSSL",
    "_ssl": "as ssl",
    "statistics": "random's distributions; the program has its own median",
    "stringprep": "names of Internet hosts",
    "sysconfig": "building extensions",
    "tarfile": "shutil's archives",
    "test": "tests",
    "tkinter": "windows",
    "trace": "the debugger",
    "tracemalloc": "where memory was allocated, for warnings of the interpreter",
    "tty": "the interactive prompt",
    "typing": "annotations are for readers: nothing evaluates them",
    "unicodedata": "identifier classes come from the parser; 1 MB",
    "unittest": "tests",
    "urllib": "pathlib's file URLs, and the network",
    "uuid": "random names come from os.urandom",
    "webbrowser": "the interactive help",
    "xml": "reports write XML by hand",
    "xmlrpc": "multiprocessing.connection's XML flavour, never used",
    "zipfile": "shutil's archives",
    "zipimport": "nothing is imported from the file system",
    "zoneinfo": "time zones by name",
}

# Modules in C that only an excluded module in Python calls, and that PyInstaller and Nuitka would still find. `hashlib`
# does without the first: it brings OpenSSL's libcrypto, 1.9 MB packed.
NATIVE: tuple[str, ...] = (
    "_hashlib", "_asyncio", "_bz2", "_ctypes", "_curses", "_elementtree", "_lzma", "_multibytecodec", "_sqlite3",
    "_statistics", "_tkinter", "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw",
    "_contextvars", "_csv", "_dbm", "_gdbm", "_lsprof", "_uuid", "_zoneinfo", "_opcode", "audioop", "nis",
    "ossaudiodev", "pyexpat", "resource", "spwd", "syslog", "termios",
)  # fmt: skip

# Left out everywhere but on Windows.
WINDOWS_ONLY: dict[str, str] = {
    "_winapi": "the system's functions",
    "encodings.cp1252": "code pages of Windows",
    "encodings.cp437": "code pages of Windows",
    "encodings.mbcs": "code pages of Windows",
    "encodings.oem": "code pages of Windows",
    "multiprocessing.popen_spawn_win32": "starting processes on Windows",
    "ntpath": "paths of Windows",
}

# Left out on Windows.
UNIX_ONLY: dict[str, str] = {
    "multiprocessing.popen_fork": "starting processes on Unix",
    "multiprocessing.popen_spawn_posix": "starting processes on Unix",
    "multiprocessing.resource_tracker": "semaphores with names, which only Unix has",
    "posix": "the system's functions",
}

# Left out of the static binary, whose Python imports them only where they are needed.
NOT_IN_STATIC: dict[str, str] = {
    "tokenize": "traceback looks at source, which a binary does not hold",
}

# The codecs that every binary has, of about a hundred: what the interpreter starts with, and what the program decodes.
CODECS = (
    "aliases", "ascii", "cp437", "cp1252", "latin_1", "mbcs", "oem", "unicode_escape", "utf_8", "utf_8_sig",
    "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le",
)  # fmt: skip

# A namedtuple is made by `eval`, for which the static binary lacks the compiler. The code that it would compile differs
# only in names, so it is compiled here for every length that the standard modules use, and given its names.
LONGEST_NAMEDTUPLE = 16
_FIELDS = [[f"f{i}" for i in range(length)] for length in range(LONGEST_NAMEDTUPLE + 1)]
_NEW = "".join(
    f"lambda {', '.join(['_cls', *names])}: _tuple_new(_cls, ({''.join(f'{name}, ' for name in names)})), "
    for names in _FIELDS
)

# Changes to standard modules inside the static binary: module → (what stands there, what we put).
STANDARD_PATCHES: dict[str, tuple[tuple[str, str], ...]] = {
    "collections": (
        ("""    code = f'lambda _cls, {arg_list}: _tuple_new(_cls, ({arg_list}))'
    __new__ = eval(code, namespace)
""", """    __new__ = _FunctionType(_NEW[num_fields].__code__.replace(co_varnames=('_cls', *field_names)), namespace)
"""),
        ("""def namedtuple(typename,""", f"""_NEW = ({_NEW})
_FunctionType = type(lambda: None)


def namedtuple(typename,"""),
    ),
    # Flags as enumeration, and the functions that come with functools, are 3 ms of each start. What is left of the
    # class takes none of the values that the program passes.
    "re": (
        ("import enum\n", ""),
        ("import functools\n", "from _functools import _lru_cache_wrapper\n"),
        ("""@enum.global_enum
@enum._simple_enum(enum.IntFlag, boundary=enum.KEEP)
class RegexFlag:
""", """class RegexFlag:
    pass
if True:
"""),
        ("@functools.lru_cache(_MAXCACHE)\n",
         "@lambda function: _lru_cache_wrapper(function, _MAXCACHE, False, tuple)\n"),
    ),
    # Modules that not each start needs are stored packed.
    "_frozen_importlib": (
        ("""        code = _call_with_frames_removed(_imp.get_frozen_object, name)
""", """        data = _imp.find_frozen(name, withdata=True)[0]
        if data[0] == 0x78:
            import zlib
            data = zlib.decompress(data)
        code = _call_with_frames_removed(_imp.get_frozen_object, name, data)
"""),
    ),
}  # fmt: skip
