package diag

import (
	"go/ast"
	"go/token"
	"strings"
)

// directive is the comment that silences a rule: //poolvet:ignore rule reason. It stands on the line or on the one before,
// and counts only with a reason.
const directive = "//poolvet:ignore "

// ignored reports whether a comment with a reason silences the rule at pos.
func ignored(fset *token.FileSet, f *ast.File, pos token.Pos, rule string) bool {
	line := fset.Position(pos).Line
	for _, g := range f.Comments {
		for _, c := range g.List {
			at := fset.Position(c.Pos()).Line
			if at != line && at != line-1 {
				continue // of another line
			}
			rest, ok := strings.CutPrefix(c.Text, directive)
			if !ok {
				continue // an ordinary comment
			}
			if words := strings.Fields(rest); len(words) > 1 && words[0] == rule {
				return true
			}
		}
	}
	return false
}
