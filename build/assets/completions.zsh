#compdef complexity-guard
# zsh completion of complexity-guard: save as _complexity-guard in a folder of $fpath, or
# source <(complexity-guard completions zsh) after compinit.
_complexity_guard_first() {
    _alternative 'commands:command:((@COMMANDS@))' 'files:file:_files'
}
_complexity_guard_report() {
    if compset -P '*='; then _files; else compadd -qS = -- @FORMATS@; fi
}
_complexity_guard_refs() {
    local -a refs=(${(f)"$(git for-each-ref --format='%(refname:short)' 2>/dev/null)"})
    compadd -a refs
}
_complexity_guard_target() {
    if compset -P 1 '*:'; then
        local -a names=(${(f)"$(complexity-guard explain ${(Q)IPREFIX} 2>/dev/null)"})
        compadd -a names
    else
        _files
    fi
}
_complexity_guard_rest() {
    case $words[2] in
        explain) _complexity_guard_target;;
        @ARGUMENTS@
        *) _files;;
    esac
}
_complexity_guard() {
    _arguments -s -S \
        @OPTIONS@
        '1: :_complexity_guard_first' '*: :_complexity_guard_rest'
}
if [[ $funcstack[1] == _complexity_guard ]]; then _complexity_guard "$@"; else compdef _complexity_guard complexity-guard; fi
