# ---------------------------------------------------------------------------------------
# 30  Projects: what tsconfig.json and package.json say
# gives: Disk, CompilerOptions, compiler_options, texts_in, path_rows
# uses: Words, Start-up, Ground, JSONC
# ---------------------------------------------------------------------------------------


class Disk:
    """What there is below one folder, each folder listed once. Outside of that folder there is nothing."""

    def __init__(self, top: str) -> None:
        self.top = top
        self.listed: dict[str, dict[str, bool]] = {}  # folder -> the names in it -> whether they are folders
        self.documents: dict[str, dict[str, Any]] = {}

    def names_in(self, folder: str) -> dict[str, bool]:
        names = self.listed.get(folder)
        if names is None:
            names = self.listed[folder] = self.read_names(folder) if self.is_folder(folder) else {}
        return names

    def read_names(self, folder: str) -> dict[str, bool]:
        try:
            with os.scandir(folder) as entries:
                return {entry.name: entry.is_dir() for entry in entries}
        except OSError:
            return {}

    def is_folder(self, path: str) -> bool:
        if path == self.top:
            return True
        folder, _, name = path.rpartition("/")
        return is_inside(path, self.top) and self.names_in(folder).get(name, False)

    def is_file(self, path: str) -> bool:
        folder, _, name = path.rpartition("/")
        return self.names_in(folder).get(name) is False

    def document(self, path: str) -> dict[str, Any]:
        """The object in a JSON file; an empty one where there is none, or none that can be read."""
        document = self.documents.get(path)
        if document is None:
            document = self.documents[path] = self.read_document(path) if self.is_file(path) else {}
        return document

    def read_document(self, path: str) -> dict[str, Any]:
        try:
            text = to_utf8(read_bytes(path)).decode("utf-8", "replace")
            return without_lines(JsonReader(text, path).document())
        except (ConfigError, Unreadable):
            return {}

    def package_of(self, folder: str) -> str | None:
        """The innermost folder around (or at) this one that has a package.json."""
        for outer in self.outwards(folder):
            if self.is_file(outer + "/package.json"):
                return outer
        return None

    def outwards(self, folder: str) -> Iterator[str]:
        """The folder, the one around it, and so on up to the top."""
        while is_inside(folder, self.top):
            yield folder
            folder = folder.rpartition("/")[0]


class CompilerOptions(NamedTuple):
    """What a tsconfig.json, with those it extends, says about where modules are. Paths are absolute."""

    config: str | None = None
    resolution: str = "node10"  # or classic, node16, nodenext, bundler
    base_url: str | None = None
    paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
    paths_base: str = ""
    root_dirs: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    allow_js: bool = False
    uses_exports: bool = False
    uses_imports: bool = False
    type_roots: tuple[str, ...] = ()
    out_dirs: tuple[str, ...] = ()
    root_dir: str | None = None
    preserve_symlinks: bool = False


# What `module` makes of `moduleResolution` where that is not said; all other modules, ES2015 among them, mean classic.
_RESOLUTION_OF_MODULE = {
    "commonjs": "node10", "node16": "node16", "node18": "node16", "node20": "node16", "nodenext": "nodenext",
    "preserve": "bundler",
}  # fmt: skip
_RESOLUTIONS = {
    "node": "node10", "node10": "node10", "classic": "classic", "node16": "node16", "nodenext": "nodenext",
    "bundler": "bundler",
}  # fmt: skip
_OLD_TARGETS = ("es3", "es5")  # they make commonjs the module
_KNOWS_EXPORTS = ("node16", "nodenext", "bundler")


def compiler_options(config: str, said: dict[str, Any]) -> CompilerOptions:
    """What the compilerOptions of a project mean, with TypeScript's own defaults where nothing is said."""
    resolution = _resolution_of(said)
    knows_exports = resolution in _KNOWS_EXPORTS
    is_javascript = config.endswith("/jsconfig.json")
    return CompilerOptions(
        config=config,
        resolution=resolution,
        base_url=said.get("baseUrl"),
        paths=path_rows(said.get("paths")),
        paths_base=said.get("baseUrl") or said.get("pathsBase", ""),
        root_dirs=texts_in(said.get("rootDirs")),
        suffixes=texts_in(said.get("moduleSuffixes")),
        conditions=texts_in(said.get("customConditions")),
        allow_js=bool(said.get("allowJs", said.get("checkJs", is_javascript))),
        uses_exports=knows_exports and said.get("resolvePackageJsonExports") is not False,
        uses_imports=knows_exports and said.get("resolvePackageJsonImports") is not False,
        type_roots=texts_in(said.get("typeRoots")),
        out_dirs=texts_in([said.get("declarationDir"), said.get("outDir")]),
        root_dir=said.get("rootDir") or (config.rpartition("/")[0] if said.get("composite") is True else None),
        preserve_symlinks=said.get("preserveSymlinks") is True,
    )


def _resolution_of(said: dict[str, Any]) -> str:
    chosen = _RESOLUTIONS.get(_word(said.get("moduleResolution")))
    if chosen:
        return chosen
    module = _word(said.get("module"))
    if not module:
        target = _word(said.get("target"))
        module = "commonjs" if not target or target in _OLD_TARGETS else "es2015"
    return _RESOLUTION_OF_MODULE.get(module, "classic")


def _word(value: Any) -> str:
    return value.lower() if isinstance(value, str) else ""


def texts_in(values: Any) -> tuple[str, ...]:
    return tuple([text for text in values if isinstance(text, str)]) if isinstance(values, list) else ()


def path_rows(paths: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = paths.items() if isinstance(paths, dict) else ()
    return tuple([(pattern, texts_in(targets)) for pattern, targets in rows if pattern.count("*") < 2])


# ---------------------------------------------------------------------------------------
# 31  Resolution: which file a specifier names, as TypeScript 5.9 finds it
# gives: Resolver, Projects
# uses: Start-up, Ground, JSONC, Projects
# ---------------------------------------------------------------------------------------
# Step by step what ts.resolveModuleName does; its names are in the comments, for whoever compares the two. The answer
# None means "go on with the next way" everywhere but where paths of a tsconfig match: what they name is all there is.

# What a file may be: T TypeScript, D declarations, J JavaScript, C a tsconfig (for `extends` alone).
_JS_LIKE = (("T", ".ts"), ("T", ".tsx"), ("D", ".d.ts"), ("J", ".js"), ("J", ".jsx"), ("C", ".json"))
_JSX_LIKE = (("T", ".tsx"), ("T", ".ts"), ("D", ".d.ts"), ("J", ".jsx"), ("J", ".js"))
_MJS_LIKE = (("T", ".mts"), ("D", ".d.mts"), ("J", ".mjs"))
_CJS_LIKE = (("T", ".cts"), ("D", ".d.cts"), ("J", ".cjs"))
# The extension that was written -> those that are tried in its place, in this order (tryAddingExtensions).
_SUBSTITUTES = {
    "": _JS_LIKE, ".js": _JS_LIKE, ".ts": _JS_LIKE, ".d.ts": _JS_LIKE,
    ".jsx": _JSX_LIKE, ".tsx": _JSX_LIKE,
    ".mjs": _MJS_LIKE, ".mts": _MJS_LIKE, ".d.mts": _MJS_LIKE,
    ".cjs": _CJS_LIKE, ".cts": _CJS_LIKE, ".d.cts": _CJS_LIKE,
    ".json": (("D", ".d.json.ts"), ("C", ".json")),
}  # fmt: skip
_EXTENSIONS = (
    ".d.ts", ".d.mts", ".d.cts", ".mjs", ".mts", ".cjs", ".cts", ".ts", ".js", ".tsx", ".jsx", ".json",
)  # fmt: skip
_OF_KIND = {"T": (".ts", ".cts", ".mts", ".tsx"), "D": (".d.ts", ".d.cts", ".d.mts"), "C": (".json",)}
_RELATIVE = regex(r"\.\.?(?:$|[\\/])")
_FORBIDDEN_PARTS = {".", "..", "node_modules"}
# What a build makes -> what it may have been made of (getPossibleOriginalInputExtensionForExtension).
_SOURCES = {
    ".mjs": (".mts", ".mjs"), ".d.mts": (".mts", ".mjs"),
    ".cjs": (".cts", ".cjs"), ".d.cts": (".cts", ".cjs"),
    ".js": (".tsx", ".ts", ".jsx", ".js"), ".d.ts": (".tsx", ".ts", ".jsx", ".js"),
}  # fmt: skip


Rows = tuple[tuple[str, tuple[str, ...]], ...]  # of `paths`: a pattern, and what it stands for


class Search(NamedTuple):
    """How a file is looked for: by whose options, of which kinds, under which conditions of package.json."""

    options: CompilerOptions
    kinds: str
    conditions: tuple[str, ...] = ()
    is_esm: bool = False  # extensions must be written, and folders are no modules
    request: str = ""  # the folder of the file that imports


def is_relative(specifier: str) -> bool:
    return bool(_RELATIVE.match(specifier))


def search_for(options: CompilerOptions, mode: str, request: str) -> Search:
    """`mode` is what the import becomes: import or require."""
    if options.resolution in ("classic", "node10"):
        return Search(options, "TDJ", request=request)
    conditions = (mode, "types")
    if options.resolution == "bundler":
        return Search(options, "TDJ", conditions + options.conditions, request=request)
    return Search(options, "TDJ", (*conditions, "node", *options.conditions), mode == "import", request)


class Resolver:
    """Finds files by specifiers."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.found: dict[tuple[str, str, str, str | None], str | None] = {}

    def resolve(self, specifier: str, folder: str, options: CompilerOptions, mode: str = "import") -> str | None:
        """The path of the file that a specifier names in a file of this folder, links in it followed; else None."""
        key = (specifier, folder, mode, options.config)
        if key not in self.found:
            self.found[key] = self.look(specifier, folder, search_for(options, mode, folder))
        return self.found[key]

    def look(self, specifier: str, folder: str, search: Search) -> str | None:
        if not specifier or "\0" in specifier:
            return None
        in_turn = ("TD", "J") if search.options.resolution in ("classic", "node10") else (search.kinds,)
        for kinds in in_turn:
            found = self.by_any_way(specifier, folder, search._replace(kinds=kinds))
            if found:
                is_linked = "/node_modules/" in found and not is_relative(specifier)
                return real_path(found) if is_linked and not search.options.preserve_symlinks else found
        return None

    def by_any_way(self, specifier: str, folder: str, search: Search) -> str | None:
        """tryResolve"""
        found = self.by_settings(specifier, folder, search)
        if found:
            return found
        if is_relative(specifier) or specifier.startswith("/"):
            return self.load(path_in(folder, specifier), search)
        if search.options.resolution == "classic":
            return self.by_ancestors(specifier, folder, search)
        if specifier.startswith("#") and search.options.uses_imports:
            found = self.by_imports(specifier, folder, search)
        if not found and search.options.resolution != "node10":
            found = self.by_own_name(specifier, folder, search)
        if found or ":" in specifier:
            return found
        return self.in_node_modules(specifier, folder, search) or self.in_type_roots(specifier, search)

    def load(self, candidate: str, search: Search) -> str | None:
        if search.options.resolution == "classic":
            return self.load_file(candidate, search)
        return self.load_relative(candidate, search)

    def by_ancestors(self, specifier: str, folder: str, search: Search) -> str | None:
        """What "classic" does of a specifier that is not relative: it looks for files in all folders above."""
        for outer in self.disk.outwards(folder):
            found = self.load_file(path_in(outer, specifier), search)
            if found:
                return found
        return self.in_type_roots(specifier, search)

    # The options of the tsconfig: paths, baseUrl, rootDirs

    def by_settings(self, specifier: str, folder: str, search: Search) -> str | None:
        """tryLoadModuleUsingOptionalResolutionSettings"""
        options = search.options
        if options.paths and not is_relative(specifier):
            is_matched, found = self.by_paths(options.paths, options.paths_base, specifier, search, self.load)
            if is_matched:
                return found
        if not is_relative(specifier) and not specifier.startswith("/"):
            return self.load(path_in(options.base_url, specifier), search) if options.base_url else None
        return self.by_root_dirs(path_in(folder, specifier), search) if options.root_dirs else None

    def by_paths(
        self, rows: Rows, base: str, specifier: str, search: Search, load: Callable
    ) -> tuple[bool, str | None]:
        """Whether a pattern matches, and the first of its files that is there (tryLoadModuleUsingPaths)."""
        row = _best_row(rows, specifier)
        if row is None:
            return False, None
        pattern, targets = row
        prefix, star, suffix = pattern.partition("*")
        middle = specifier[len(prefix) : len(specifier) - len(suffix)] if star else ""
        for target in targets:
            candidate = path_in(base, target.replace("*", middle, 1) if middle else target)
            found = self.try_file(candidate, search) if target.endswith(_EXTENSIONS) else None
            found = found or load(candidate, search)
            if found:
                return True, found
        return True, None

    def by_root_dirs(self, candidate: str, search: Search) -> str | None:
        """tryLoadModuleUsingRootDirs"""
        around = [root for root in search.options.root_dirs if candidate.startswith(join_path(root, ""))]
        if not around:
            return None
        own = max(around, key=len)
        rest = candidate[len(join_path(own, "")) :]
        others = [path_in(root, rest) for root in search.options.root_dirs if root != own]
        return self.first_of([candidate, *others], search)

    def first_of(self, candidates: Iterable[str], search: Search) -> str | None:
        for candidate in candidates:
            found = self.load(candidate, search)
            if found:
                return found
        return None

    # Files and folders

    def load_relative(self, candidate: str, search: Search, with_package: bool = True) -> str | None:
        """nodeLoadModuleByRelativeName"""
        found = None if candidate.endswith("/") else self.load_file(candidate, search)
        if found or search.is_esm:
            return found
        folder = candidate.rstrip("/")
        package = self.disk.document(folder + "/package.json") if with_package else {}
        return self.load_folder(folder, search, package)

    def load_file(self, candidate: str, search: Search) -> str | None:
        """loadModuleFromFile"""
        found = self.load_by_extension(candidate, search)
        if found or search.is_esm:
            return found
        return self.add_extension(candidate, "", search)

    def load_by_extension(self, candidate: str, search: Search) -> str | None:
        """loadModuleFromFileNoImplicitExtensions"""
        stem, extension = _split_extension(candidate)
        return self.add_extension(stem, extension, search) if extension else None

    def add_extension(self, stem: str, written: str, search: Search) -> str | None:
        """tryAddingExtensions"""
        for kind, extension in _SUBSTITUTES.get(written) or (("D", f".d{written}.ts"),):
            if kind in search.kinds:
                found = self.try_file(stem + extension, search)
                if found:
                    return found
        return None

    def try_file(self, path: str, search: Search) -> str | None:
        """tryFile"""
        stem, extension = _split_extension(path)
        for suffix in search.options.suffixes or ("",):
            found = stem + suffix + extension if suffix else path
            if self.disk.is_file(found):
                return found
        return None

    def load_folder(self, folder: str, search: Search, package: dict[str, Any]) -> str | None:
        """The file that stands for a folder (loadNodeModuleFromDirectoryWorker)."""
        if not self.disk.is_folder(folder):
            return None

        def load(candidate: str, search: Search) -> str | None:
            return self.load_main(candidate, search, package)

        field = _main_field(package, search.kinds)
        main = path_in(folder, field) if field else None
        index = folder + ("/tsconfig" if search.kinds == "C" else "/index")
        versions = _types_versions(package)
        if versions and (main is None or is_inside(main, folder)):
            name = (main or index)[len(folder) + 1 :]
            is_matched, found = self.by_paths(versions, folder, name, search, load)
            if is_matched:
                return found
        found = load(main, search) if main else None
        if found or search.is_esm:
            return found
        return self.load_file(index, search)

    def load_main(self, candidate: str, search: Search, package: dict[str, Any]) -> str | None:
        found = self.load_named(candidate, search)
        if found:
            return found
        kinds = "TD" if search.kinds == "D" else search.kinds
        is_esm = search.is_esm and package.get("type") == "module"
        return self.load_relative(candidate, search._replace(kinds=kinds, is_esm=is_esm), with_package=False)

    def load_named(self, candidate: str, search: Search) -> str | None:
        """A file that a package.json names (loadFileNameFromPackageJsonField)."""
        for kind, extensions in _OF_KIND.items():
            if kind in search.kinds and candidate.endswith(extensions):
                return self.try_file(candidate, search)
        return self.load_by_extension(candidate, search)

    # Packages

    def in_node_modules(self, specifier: str, folder: str, search: Search) -> str | None:
        """loadModuleFromNearestNodeModulesDirectory"""
        first = "".join([kind for kind in search.kinds if kind in "TD"])
        then = "".join([kind for kind in search.kinds if kind not in "TD"])
        for kinds in filter(None, (first, then)):
            for outer in self.disk.outwards(folder):
                modules = outer + "/node_modules"
                if not outer.endswith("/node_modules") and self.disk.is_folder(modules):
                    found = self.in_modules_or_types(specifier, modules, search._replace(kinds=kinds))
                    if found:
                        return found
        return None

    def in_modules_or_types(self, specifier: str, modules: str, search: Search) -> str | None:
        """loadModuleFromImmediateNodeModulesDirectory"""
        found = self.in_modules(specifier, modules, search)
        if found or "D" not in search.kinds or not self.disk.is_folder(modules + "/@types"):
            return found
        name = specifier[1:].replace("/", "__", 1) if specifier.startswith("@") else specifier
        return self.in_modules(name, modules + "/@types", search._replace(kinds="D"))

    def in_modules(self, specifier: str, modules: str, search: Search) -> str | None:
        """loadModuleFromSpecificNodeModulesDirectory"""
        candidate = path_in(modules, specifier)
        name, rest = package_and_rest(specifier)
        folder = join_path(modules, name)
        package = self.disk.document(folder + "/package.json")
        has_exports = search.options.uses_exports and package.get("exports") is not None
        if rest and not has_exports and self.disk.is_file(candidate + "/package.json"):
            inner = self.disk.document(candidate + "/package.json")
            return self.load_file(candidate, search) or self.load_folder(candidate, search, inner)
        if has_exports and package["exports"]:
            return self.by_exports(folder, f"./{rest}" if rest else ".", search)

        def load(candidate: str, search: Search) -> str | None:
            return self.load_from_package(candidate, search, package, folder, bool(rest))

        versions = _types_versions(package) if rest else ()
        if versions:
            is_matched, found = self.by_paths(versions, folder, rest, search, load)
            if is_matched:
                return found
        return load(candidate, search)

    def load_from_package(
        self, candidate: str, search: Search, package: dict[str, Any], folder: str, has_rest: bool
    ) -> str | None:
        found = self.load_file(candidate, search) if has_rest or not search.is_esm else None
        found = found or self.load_folder(candidate, search, package if candidate == folder else {})
        if not found and not has_rest and package and search.is_esm and package.get("exports") is None:
            found = self.load_file(candidate + "/index.js", search)
        return found

    def in_type_roots(self, specifier: str, search: Search) -> str | None:
        """resolveFromTypeRoot"""
        if "D" not in search.kinds:
            return None
        candidates = [path_in(root, specifier) for root in search.options.type_roots]
        for candidate in candidates:
            found = self.load_relative(candidate, search._replace(kinds="D", is_esm=False))
            if found:
                return found
        return None

    # The maps of package.json: exports and imports

    def by_own_name(self, specifier: str, folder: str, search: Search) -> str | None:
        """loadModuleFromSelfNameReference"""
        scope = self.disk.package_of(folder)
        package = self.disk.document(scope + "/package.json") if scope else {}
        name = package.get("name")
        if not package.get("exports") or not isinstance(name, str) or not is_inside(specifier, name):
            return None
        subpath = "." + specifier[len(name) :]
        if search.options.allow_js and "/node_modules/" not in folder:
            return self.by_exports(scope, subpath, search)
        return self.by_exports(scope, subpath, search._replace(kinds="TD")) or self.by_exports(
            scope, subpath, search._replace(kinds="J")
        )

    def by_exports(self, scope: str, subpath: str, search: Search) -> str | None:
        """loadModuleFromExports"""
        exports = self.disk.document(scope + "/package.json")["exports"]
        has_paths = isinstance(exports, dict) and all(key.startswith(".") for key in exports)
        if subpath != ".":
            return PackageMap(self, scope, search, "exports").look_up(subpath, exports) if has_paths else None
        main = exports.get(".") if has_paths else exports
        if isinstance(exports, dict) and not has_paths and any(key.startswith(".") for key in exports):
            main = exports.get(".")
        return PackageMap(self, scope, search, "exports").follow(main, "", False) if main else None

    def by_imports(self, specifier: str, folder: str, search: Search) -> str | None:
        """loadModuleFromImports"""
        scope = self.disk.package_of(folder)
        imports = self.disk.document(scope + "/package.json").get("imports") if scope else None
        if specifier == "#" or specifier.startswith("#/") or not isinstance(imports, dict):
            return None
        return PackageMap(self, scope, search, "imports").look_up(specifier, imports)


class PackageMap:
    """`exports` or `imports` of one package.json, for one search."""

    def __init__(self, resolver: Resolver, scope: str, search: Search, field: str) -> None:
        self.resolver, self.scope, self.search, self.field = resolver, scope, search, field

    def look_up(self, name: str, table: dict[str, Any]) -> str | None:
        """The file of a name, by its own row or by the row of the longest pattern (loadModuleFromExportsOrImports)."""
        if name in table and "*" not in name and not name.endswith("/"):
            return self.follow(table[name], "", False)
        for key in sorted([key for key in table if key.count("*") == 1 or key.endswith("/")], key=_pattern_order):
            prefix, star, suffix = key.partition("*")
            if name.startswith(prefix) and name.endswith(suffix):
                return self.follow(table[key], name[len(prefix) : len(name) - len(suffix)], bool(star))
        return None

    def follow(self, target: Any, middle: str, is_pattern: bool) -> str | None:
        """loadModuleFromTargetExportOrImport"""
        if isinstance(target, str):
            return self.file_of(target, middle, is_pattern)
        if isinstance(target, dict):
            wanted = (*self.search.conditions, "default")
            targets = [inner for condition, inner in target.items() if condition in wanted or _is_versioned(condition)]
        else:
            targets = target if isinstance(target, list) else []
        for inner in targets:
            found = self.follow(inner, middle, is_pattern)
            if found:
                return found
        return None

    def file_of(self, target: str, middle: str, is_pattern: bool) -> str | None:
        if middle and not is_pattern and not target.endswith("/"):
            return None
        filled = target.replace("*", middle) if is_pattern else target + middle
        if not target.startswith("./"):
            is_name = self.field == "imports" and not target.startswith(("../", "/"))
            return self.resolver.look(filled, self.scope, self.search) if is_name else None
        if _FORBIDDEN_PARTS.intersection((*target.split("/")[1:], *middle.split("/"))):
            return None
        path = path_in(self.scope, filled)
        return self.source_of(path) or self.resolver.load_named(path, self.search)

    def source_of(self, path: str) -> str | None:
        """The source that the project itself builds a file from (tryLoadInputFileForPath)."""
        options = self.search.options
        config = options.config or self.scope
        if not options.out_dirs or "/node_modules/" in path or not is_inside(config, self.scope):
            return None
        for root in self.source_folders():
            for out_dir in options.out_dirs:
                if is_inside(path, out_dir):
                    found = self.first_source(path_in(root, path[len(out_dir) + 1 :]))
                    if found:
                        return found
        return None

    def source_folders(self) -> Iterable[str]:
        """Where sources may lie: in rootDir, or in any folder around both the package and the file that imports."""
        if self.search.options.root_dir:
            return (self.search.options.root_dir,)
        request = self.search.request or self.scope
        inner = self.scope if is_inside(request, self.scope) else common_folder([request, self.scope])
        return reversed(list(self.resolver.disk.outwards(inner)))

    def first_source(self, built: str) -> str | None:
        for extension, sources in _SOURCES.items():
            if built.endswith(extension):
                for source in sources:
                    path = built.removesuffix(extension) + source
                    if self.resolver.disk.is_file(path):
                        return self.resolver.load_named(path, self.search)
        return None


def path_in(folder: str, name: str) -> str:
    """normalizePath(combinePaths(folder, name)); what ends like a folder stays one."""
    path = os.path.normpath(name if name.startswith("/") else f"{folder}/{name}").replace(os.sep, "/")
    return path + "/" if name.endswith(("/", "/.", "/..")) or name in (".", "..") else path


def package_and_rest(specifier: str) -> tuple[str, str]:
    """@scope/name/a/b -> @scope/name, a/b"""
    parts = specifier.split("/")
    length = 2 if specifier[:1] == "@" else 1
    return "/".join(parts[:length]), "/".join(parts[length:])


def _split_extension(path: str) -> tuple[str, str]:
    """removeFileExtension: a known extension, else what begins at the last dot of the name."""
    for extension in _EXTENSIONS:
        if path.endswith(extension) and len(path) > len(extension):
            return path.removesuffix(extension), extension
    folder, slash, name = path.rpartition("/")
    stem, dot, last = name.rpartition(".")
    return (folder + slash + stem, dot + last) if dot else (path, "")


def _best_row(rows: Rows, name: str) -> tuple[str, tuple[str, ...]] | None:
    """matchPatternOrExact: the row of this very name, else the matching pattern with the longest prefix."""
    best, longest = None, -1
    for row in rows:
        prefix, star, suffix = row[0].partition("*")
        if not star and row[0] == name:
            return row
        is_match = star and name.startswith(prefix) and name.endswith(suffix) and len(name) >= len(prefix + suffix)
        if is_match and len(prefix) > longest:
            best, longest = row, len(prefix)
    return best


def _pattern_order(key: str) -> tuple[int, bool, int]:
    """comparePatternKeys"""
    star = key.find("*")
    return -(star + 1 or len(key)), star < 0, -len(key)


def _main_field(package: dict[str, Any], kinds: str) -> str | None:
    fields = ["tsconfig"] if kinds == "C" else ["main"]
    if "D" in kinds:
        fields = ["typings", "types", "main"]
    for field in fields:
        if isinstance(package.get(field), str) and package[field]:
            return package[field]
    return None


def _types_versions(package: dict[str, Any]) -> Rows:
    """The paths of the first entry of typesVersions that holds for TypeScript 5.9."""
    versions = package.get("typesVersions")
    for wanted, paths in versions.items() if isinstance(versions, dict) else ():
        if _holds_for_us(wanted):
            return path_rows(paths)
    return ()


_BOUND = regex(r"(>=|>|<=|<|=)?\s*(\d+)(?:\.(\d+))?[.\dx*]*$")
_TYPESCRIPT = (5, 9)


def _holds_for_us(wanted: str) -> bool:
    """Whether 5.9 is in a range: bounds beside each other, and || between alternatives."""
    return any(all(map(_bound_holds, part.replace("*", ">=0").split())) for part in wanted.split("||"))


def _bound_holds(bound: str) -> bool:
    match = _BOUND.match(bound)
    if not match:
        return False
    sign, version = match[1] or "=", (int(match[2]), int(match[3] or 0))
    if version == _TYPESCRIPT:
        return "=" in sign
    return sign[0] == (">" if version < _TYPESCRIPT else "<")


def _is_versioned(condition: str) -> bool:
    return condition.startswith("types@") and _holds_for_us(condition.removeprefix("types@"))


class Projects:
    """Whose options hold for a folder: those of the nearest tsconfig.json, or jsconfig.json where there is none."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver, self.disk = resolver, resolver.disk
        self.of_folder: dict[str, CompilerOptions] = {}
        self.missing: list[tuple[str, str]] = []  # a configuration, and what it extends that is not there

    def options_of(self, folder: str) -> CompilerOptions:
        if folder not in self.of_folder:
            self.of_folder[folder] = self.read_options(folder)
        return self.of_folder[folder]

    def read_options(self, folder: str) -> CompilerOptions:
        for name in ("/tsconfig.json", "/jsconfig.json"):
            if self.disk.is_file(folder + name):
                config = folder + name
                return compiler_options(config, _with_own_folder(self.said_by(config, ()), folder))
        outer = folder.rpartition("/")[0]
        return self.options_of(outer) if is_inside(outer, self.disk.top) else CompilerOptions()

    def said_by(self, config: str, seen: tuple[str, ...]) -> dict[str, Any]:
        """The compilerOptions of a configuration and of all that it extends, with absolute paths."""
        document = self.disk.document(config)
        extended = document.get("extends")
        said = {}
        for name in texts_in(extended if isinstance(extended, list) else [extended]):
            base = self.extended(config, name)
            if base is None:
                self.missing.append((config, name))
            elif base not in seen and len(seen) < MAX_CONFIG_DEPTH:
                said.update(self.said_by(base, (*seen, config)))
        own = document.get("compilerOptions")
        return said | (_absolute(own, config.rpartition("/")[0]) if isinstance(own, dict) else {})

    def extended(self, config: str, name: str) -> str | None:
        """getExtendsConfigPath: a path, with .json or without, or a file in a package."""
        folder = config.rpartition("/")[0]
        if not name.startswith(("./", "../", "/")):
            options = CompilerOptions(uses_exports=True, uses_imports=True, resolution="nodenext")
            search = Search(options, "C", ("require", "types", "node"))
            return self.resolver.look(name, folder, search)
        path = path_in(folder, name)
        candidates = (path, path + ".json")
        return next(filter(self.disk.is_file, candidates), None)


# Options that are paths, alone or in lists, relative to the configuration that says them.
_PATHS = ("baseUrl", "outDir", "declarationDir", "rootDir")
_PATH_LISTS = ("rootDirs", "typeRoots")
_OWN_FOLDER = "${configDir}"  # that of the configuration in use, whichever says it


def _absolute(said: dict[str, Any], folder: str) -> dict[str, Any]:
    """Options as one configuration says them, with its paths made absolute."""
    placed = dict(said)
    for name in _PATHS:
        if isinstance(said.get(name), str):
            placed[name] = _absolute_path(folder, said[name])
    for name in _PATH_LISTS:
        if name in said:
            placed[name] = [_absolute_path(folder, path) for path in texts_in(said[name])]
    if "paths" in said:
        placed["pathsBase"] = folder
    return placed


def _absolute_path(folder: str, path: str) -> str:
    return path if path.startswith(_OWN_FOLDER) else path_in(folder, path).rstrip("/")


def _with_own_folder(value: Any, folder: str) -> Any:
    """Options with the folder of the configuration in use wherever they ask for it."""
    if isinstance(value, str) and value.startswith(_OWN_FOLDER):
        return path_in(folder, "./" + value.removeprefix(_OWN_FOLDER).lstrip("/")).rstrip("/")
    if isinstance(value, list):
        return [_with_own_folder(inner, folder) for inner in value]
    if isinstance(value, dict):
        return {key: _with_own_folder(inner, folder) for key, inner in value.items()}
    return value


# ---------------------------------------------------------------------------------------
# 32  Graph: cycles, reach and depth of what imports each other
# gives: Graph, Component
# uses: Start-up
# ---------------------------------------------------------------------------------------
# Nodes are numbers, in the order of paths, so that every answer is the same for any order in which files were read.

heapq = Lazy(lambda: __import__("heapq"))
Links = list[list[int]]  # of each node, those it leads to, sorted
REACH_BLOCK = 8192  # nodes whose reach is counted in one pass: 1 KB a node, so that 100,000 files take 100 MB
MAX_STARTS = 500  # nodes of a component from which its shortest cycle is looked for


class Component(NamedTuple):
    """Nodes that all lead to each other, more than one."""

    nodes: tuple[int, ...]
    shortest: tuple[int, ...]  # a shortest cycle, its first node once
    cut: tuple[tuple[int, int], ...]  # edges without which there is no cycle in it; fewer may do


class Graph:
    """What a directed graph says of its nodes. An edge from a node to itself says nothing and is left out."""

    def __init__(self, count: int, edges: Iterable[tuple[int, int]]) -> None:
        self.links: Links = [[] for _ in range(count)]
        self.back: Links = [[] for _ in range(count)]
        for start, end in sorted(set(edges)):
            if start != end:
                self.links[start].append(end)
                self.back[end].append(start)
        self.groups = strong_groups(self.links, self.back)
        self.group_of = [0] * count
        for number, group in enumerate(self.groups):
            for node in group:
                self.group_of[node] = number

    def components(self) -> list[Component]:
        """The groups with a cycle in them, the largest first."""
        cyclic = [sorted(group) for group in self.groups if len(group) > 1]
        cyclic.sort(key=lambda nodes: (-len(nodes), nodes))
        return [Component(tuple(nodes), self.shortest_cycle(nodes), self.cut_of(nodes)) for nodes in cyclic]

    def reached(self, links: Links) -> list[int]:
        """Of each node, how many others it leads to by these links: links for its load, back for its reach."""
        counts = [0] * len(links)
        groups = self.groups if links is self.back else self.groups[::-1]  # what is led to comes first
        for first in range(0, len(links), REACH_BLOCK):
            reached: list[int] = [0] * len(groups)  # of each group, the nodes of this block that it leads to, as bits
            for group in groups:
                bits = 0
                for node in group:
                    if first <= node < first + REACH_BLOCK:
                        bits |= 1 << (node - first)
                    for other in links[node]:
                        bits |= reached[self.group_of[other]]
                reached[self.group_of[group[0]]] = bits
                size = bits.bit_count()
                for node in group:
                    counts[node] += size
        return [count - 1 for count in counts]

    def depths(self) -> list[int]:
        """Of each node, the length of the longest chain of links from it; all of a cycle is one step."""
        depths = [0] * len(self.groups)
        for group in reversed(self.groups):
            own = self.group_of[group[0]]
            others = {self.group_of[other] for node in group for other in self.links[node]} - {own}
            depths[own] = max([depths[other] + 1 for other in others], default=0)
        return [depths[group] for group in self.group_of]

    def path(self, start: int, end: int, within: Container[int] | None = None) -> list[int]:
        """A shortest path, both ends in it; the first by number among equals; empty where there is none."""
        before = {start: start}
        ring = [start]
        while ring and end not in before:
            following = []
            for node in ring:
                for other in self.links[node]:
                    if other not in before and (within is None or other in within):
                        before[other] = node
                        following.append(other)
            ring = following
        return _steps_back(before, start, end) if end in before else []

    def shortest_cycle(self, nodes: list[int]) -> tuple[int, ...]:
        """A shortest cycle of a component; of a very large one, through its first nodes."""
        within = set(nodes)
        best: list[int] = []
        for node in nodes[:MAX_STARTS]:
            returns = [self.path(other, node, within) for other in self.links[node] if other in within]
            cycle = min(filter(None, returns), key=len)
            if not best or len(cycle) < len(best):
                best = [node, *cycle[:-1]]
            if len(best) == 2:
                break
        return tuple(best)

    def cut_of(self, nodes: list[int]) -> tuple[tuple[int, int], ...]:
        """Few edges whose removal leaves no cycle among the nodes: those that lead back in a good order of them."""
        place = {node: number for number, node in enumerate(_least_backward(nodes, self.links, self.back))}
        edges = [(node, other) for node in nodes for other in self.links[node] if other in place]
        kept = {node: [] for node in nodes}
        for start, end in edges:
            if place[start] < place[end]:
                kept[start].append(end)
        cut = []
        for start, end in edges:
            if place[start] > place[end]:
                if _leads_to(kept, end, start):
                    cut.append((start, end))
                else:  # without it nothing is a cycle yet, so it may stay
                    kept[start].append(end)
        return tuple(cut)


def strong_groups(links: Links, back: Links) -> list[list[int]]:
    """Groups of nodes that lead to each other, each before all that it leads to (Kosaraju's way)."""
    grouped_already = bytearray(len(links))
    groups = []
    for root in reversed(_finished(links)):
        if not grouped_already[root]:
            grouped_already[root] = 1
            group = [root]
            for node in group:  # which grows meanwhile
                for other in back[node]:
                    if not grouped_already[other]:
                        grouped_already[other] = 1
                        group.append(other)
            groups.append(group)
    return groups


def _finished(links: Links) -> list[int]:
    """The nodes, each behind all that a search in depth first met through it."""
    order = []
    met = bytearray(len(links))
    for root in range(len(links)):
        steps = [] if met[root] else [(root, iter(links[root]))]
        met[root] = 1
        while steps:
            node, others = steps[-1]
            following = next((other for other in others if not met[other]), None)
            if following is None:
                order.append(node)
                steps.pop()
            else:
                met[following] = 1
                steps.append((following, iter(links[following])))
    return order


def _least_backward(nodes: list[int], links: Links, back: Links) -> list[int]:
    """An order in which few edges lead back: who leads to most and is led to by least goes first (Eades, Lin, Smyth)."""
    within = set(nodes)
    outward = {node: sum([other in within for other in links[node]]) for node in nodes}
    inward = {node: sum([other in within for other in back[node]]) for node in nodes}
    order = []
    waiting = [(inward[node] - outward[node], node) for node in nodes]
    heapq.heapify(waiting)
    while waiting:
        surplus, node = heapq.heappop(waiting)
        if node in within and surplus == inward[node] - outward[node]:
            within.remove(node)
            order.append(node)
            for other in links[node]:
                if other in within:
                    inward[other] -= 1
                    heapq.heappush(waiting, (inward[other] - outward[other], other))
            for other in back[node]:
                if other in within:
                    outward[other] -= 1
                    heapq.heappush(waiting, (inward[other] - outward[other], other))
    return order


def _leads_to(links: Mapping[int, list[int]], start: int, end: int) -> bool:
    met = {start}
    waiting = [start]
    while waiting:
        node = waiting.pop()
        if node == end:
            return True
        fresh = [other for other in links[node] if other not in met]
        met.update(fresh)
        waiting += fresh
    return False


def _steps_back(before: dict[int, int], start: int, end: int) -> list[int]:
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]


