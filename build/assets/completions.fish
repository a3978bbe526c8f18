function __complexity_guard_refs
    git for-each-ref --format='%(refname:short)' 2>/dev/null
end
function __complexity_guard_functions
    set -l target (commandline -ct | string unescape)
    set -l file (string match -r '^.+?:' -- $target); or return
    for name in (complexity-guard explain $file 2>/dev/null)
        echo $file$name
    end
end
