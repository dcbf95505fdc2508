# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 6.18 what loads the values follows its caller: the caller moves behind it, with its comment.
/^\/\*$/{
	:comment
	N
	/\n \*\/$/!b comment
	N
}
/\(^\|\n\)void tdx_prepare_switch_to_guest(/{
	:caller
	N
	/\n}\n$/!b caller
	/\n	tdx_load_shared_msrs();\n/{
		$b
		s/\n$//
		s/^/\n/
		h
		d
	}
}
/\(^\|\n\)static void tdx_load_shared_msrs(void)$/,/^}$/{
	/^}$/{
		G
		s/\n$//
		x
		s/.*//
		x
	}
}
# The caller stays last if nothing was found to put it behind.
${
	G
	s/\n$//
}
