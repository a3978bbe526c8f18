# bash completion of complexity-guard; needs no other package. In ~/.bashrc: eval "$(complexity-guard completions bash)"
_complexity_guard() {
    local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD-1]} IFS=$' \t\n'
    COMPREPLY=()
    if [[ " ${COMP_WORDS[*]:1:COMP_CWORD-1} " == *" -- "* ]]; then return; fi # files from here on
    if [[ $word == = ]]; then word=; elif [[ $flag == = ]]; then flag=${COMP_WORDS[COMP_CWORD-2]}; fi
    case $flag in
        @VALUES@
        @ANYTHING@) return ;;
    esac
    if [[ $COMP_CWORD -eq 2 ]]; then
        case ${COMP_WORDS[1]} in
            @ARGUMENTS@
        esac
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
