%(complete_func)s() {
    local IFS=$'\n' line
    COMPREPLY=()
    for line in $(COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" %(complete_var)s=bash_complete "$1" 2>/dev/null); do
        if [[ $line == *[=.] ]]; then compopt -o nospace; fi
        COMPREPLY+=("$line")
    done
}
complete -o default -o nosort -F %(complete_func)s %(prog_name)s
