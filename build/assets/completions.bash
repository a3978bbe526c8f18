# bash completion of complexity-guard; needs no other package. In ~/.bashrc: eval "$(complexity-guard completions bash)"
_complexity_guard_offer() { # of the lines that come in, those that begin as the word does; quoted, for names are others'
    local line
    while IFS= read -r line; do [[ $line == "$1"* ]] && COMPREPLY+=("$(printf %q "$line")"); done
}
_complexity_guard_quoted() { # the same for FILE:NAME in quotes that are open; in double ones, names of plain characters
    local typed=${1:1} line
    while IFS= read -r line; do
        line=${typed%%:*}:$line
        if [[ $1 == \'* ]]; then line=${line//\'/\'\\\'\'}; elif [[ $line == *[\"\$\`\\!]* ]]; then continue; fi
        [[ $line == "$typed"* ]] && COMPREPLY+=("$line")
    done
}
_complexity_guard_refs() { git for-each-ref --format='%(refname:short)' 2>/dev/null; }
_complexity_guard() {
    local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]} IFS=$' \t\n'
    COMPREPLY=()
    if [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " == *" -- "* ]]; then return; fi # files from here on
    if [[ $word == = ]]; then word=; elif [[ $flag == = ]]; then flag=${COMP_WORDS[COMP_CWORD-2]}; fi
    case $flag in
        @VALUES@
        @REFS@) _complexity_guard_offer "$word" < <(_complexity_guard_refs); return ;;
        @ANYTHING@) return ;;
    esac
    if [[ $COMP_CWORD -eq 2 ]]; then
        case ${COMP_WORDS[1]} in
            @ARGUMENTS@
        esac
    fi
    if [[ ${COMP_WORDS[1]} == explain && $COMP_CWORD -ge 3 && ${COMP_WORDS[3]} == : ]]; then # explain FILE : NAME
        if [[ $word == : ]]; then word=; fi
        local file=${COMP_WORDS[2]//\\/}
        _complexity_guard_offer "${word//\\/}" < <(complexity-guard explain "$file:" 2>/dev/null)
        return
    fi
    if [[ ${COMP_WORDS[1]} == explain && $COMP_CWORD -eq 2 && $word == [\"\']*:* ]]; then
        local inside=${word:1}
        _complexity_guard_quoted "$word" < <(complexity-guard explain "${inside%%:*}:" 2>/dev/null)
        return
    fi
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "@FLAGS@" -- "$word"))
    elif [[ $COMP_CWORD -eq 1 ]]; then
        IFS=$'\n'
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -W $'@COMMANDS@' -- "$word"; compgen -f -- "$word"))
    fi
}
complete -o default -F _complexity_guard complexity-guard
