# shellcheck shell=bash
# folder-report.sh: tells the terminal the shell's folder at each prompt (OSC 7), which is how WezTerm knows where a
# new tab or split is to begin. Sourced by bash and zsh; fish does it by itself.

# Percent-encodes $PWD byte by byte; most folders need no loop.
__ascalon_report_folder() {
	local LC_ALL=C rest=$PWD out='' byte
	[ -z "${ZSH_VERSION-}" ] || setopt localoptions nomultibyte
	case $rest in
	*[!A-Za-z0-9/._~-]*)
		while [ -n "$rest" ]; do
			byte=${rest%"${rest#?}"}
			rest=${rest#?}
			case $byte in
			[A-Za-z0-9/._~-]) out=$out$byte ;;
			*)
				# bash takes bytes beyond ASCII for negative numbers.
				byte=$(printf '%d' "'$byte")
				out=$out$(printf '%%%02X' "$((byte & 255))")
				;;
			esac
		done
		;;
	*) out=$rest ;;
	esac
	printf '\033]7;file://%s%s\007' "${HOSTNAME:-${HOST-}}" "$out"
}

case ${TERM-dumb} in
dumb | linux) ;;
*)
	if [ -n "${ZSH_VERSION-}" ]; then
		autoload -Uz add-zsh-hook
		add-zsh-hook precmd __ascalon_report_folder
	elif [ -n "${BASH_VERSION-}" ]; then
		# What an outer file has there stays, and goes first: it may look at $?. On a line of its own, as it may end in `;`.
		PROMPT_COMMAND="${PROMPT_COMMAND:+$PROMPT_COMMAND
}__ascalon_report_folder"
	fi
	;;
esac
