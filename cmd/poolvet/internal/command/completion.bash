# Completion of poolvet in bash 3.2 and later: source <(poolvet completion bash)
_poolvet() {
	local IFS=$'\n' current="${COMP_WORDS[COMP_CWORD]}"
	local -a words=("${COMP_WORDS[@]:0:COMP_CWORD}")
	if [[ $current == -* ]]; then
		words+=("$current") # to have flags
	elif [[ $current == = ]]; then
		current= # bash makes a word of it
	fi
	words[0]="${words[0]/#\~/$HOME}"
	COMPREPLY=($(compgen -W "$("${words[@]}" --generate-shell-completion 2>/dev/null | cut -d : -f 1)" -- "$current"))
}
complete -o default -F _poolvet poolvet
