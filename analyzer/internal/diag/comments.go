package diag

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Directive is what a comment that silences rules begins with: //poolvet:ignore rule[,rule…] reason. It stands behind the code or
// alone on the lines before it, and counts with a reason only.
const Directive = "//poolvet:ignore"

// A Comment silences rules.
type Comment struct {
	Pos, End token.Pos
	Rules    []string // those it names
	Reason   string   // why, in the user's words
	Nolint   bool     // it is one of golangci-lint's, and needs no reason

	first, last int // the lines whose diagnostics it silences
}

// Comments returns the comments of a file that silence rules, or would if they were complete.
func Comments(fset *token.FileSet, f *ast.File) []Comment {
	var all []Comment
	for _, group := range f.Comments {
		for _, c := range group.List {
			if comment, ok := parseDirective(c); ok {
				comment.first = fset.Position(c.Pos()).Line
				comment.last = comment.first
				if aloneIn(fset, f, c) {
					comment.last = fset.Position(group.End()).Line + 1
				}
				all = append(all, comment)
			}
		}
	}
	return all
}

// parseDirective reads one comment. The second result is false for an ordinary one.
func parseDirective(c *ast.Comment) (Comment, bool) {
	rest, ok := strings.CutPrefix(c.Text, Directive)
	if !ok || rest != "" && !strings.ContainsAny(rest[:1], " \t") {
		return Comment{}, false
	}
	names, reason := cutNames(rest)
	reason = strings.TrimSpace(strings.TrimPrefix(reason, "//")) // as //nolint has it
	return Comment{Pos: c.Pos(), End: c.End(), Rules: names, Reason: reason}, true
}

// cutNames returns the names that a text begins with, separated by commas, and the rest. As in //nolint, blanks may stand behind
// a comma.
func cutNames(text string) (names []string, rest string) {
	rest = strings.TrimSpace(text)
	for more := true; more && rest != ""; {
		word := rest
		if i := strings.IndexAny(rest, " \t"); i >= 0 {
			word = rest[:i]
		}
		rest = strings.TrimSpace(rest[len(word):])
		names = append(names, strings.FieldsFunc(word, func(r rune) bool { return r == ',' })...)
		more = strings.HasSuffix(word, ",")
	}
	return names, rest
}

// aloneIn reports whether a comment has no code before it on its line.
func aloneIn(fset *token.FileSet, f *ast.File, c *ast.Comment) bool {
	line, alone := fset.Position(c.Pos()).Line, true
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup:
			return false // no code
		case *ast.File:
			return alone
		}
		if n.Pos() < c.Pos() && fset.Position(n.Pos()).Line == line || n.End() <= c.Pos() && fset.Position(n.End()).Line == line {
			alone = false
		}
		return alone && fset.Position(n.Pos()).Line <= line
	})
	return alone
}

// silences reports whether the comment silences a rule at a line.
func (c Comment) silences(rule string, line int) bool {
	counts := c.Nolint || c.Reason != "" && slices.Contains(c.Rules, rule)
	return counts && c.first <= line && line <= c.last
}

// nolints returns golangci-lint's comments that silence poolvet. As there, one on a line of its own silences all of the node that
// begins below it, in the same column.
func nolints(fset *token.FileSet, f *ast.File) []Comment {
	var all []Comment
	for _, group := range f.Comments {
		for _, c := range group.List {
			reason, ok := parseNolint(c.Text)
			if !ok {
				continue // an ordinary comment, or for other linters
			}
			comment := Comment{Pos: c.Pos(), End: c.End(), Reason: reason, Nolint: true}
			comment.first, comment.last = fset.Position(group.Pos()).Line, fset.Position(group.End()).Line
			all = append(all, comment)
			if last := nodeBelow(fset, f, group); last > 0 {
				comment.last = last
				all = append(all, comment)
			}
		}
	}
	return all
}

// parseNolint returns the reason of a comment that silences poolvet in golangci-lint, which reads such comments in this way:
// //nolint and what is like it for all linters, //nolint:a,b for those that are named.
func parseNolint(text string) (reason string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(text, "/ "), "nolint")
	if !ok || rest != "" && rest[0] != ' ' && rest[0] != ':' {
		return "", false // an ordinary comment
	}
	list, reason, _ := strings.Cut(rest, "//")
	reason = strings.TrimSpace(reason)
	if !strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, ":all") {
		return reason, true
	}
	for name := range strings.SplitSeq(list[1:], ",") {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "all", "poolvet":
			return reason, true
		}
	}
	return "", false // for other linters
}

// nodeBelow returns the last line of the largest node that begins on the line below a comment, in its column; 0 if there is none.
func nodeBelow(fset *token.FileSet, f *ast.File, group *ast.CommentGroup) int {
	at, below, last := fset.Position(group.Pos()), fset.Position(group.End()).Line+1, 0
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil {
			return false
		}
		if start := fset.Position(n.Pos()); start.Line == below && start.Column == at.Column {
			last = max(last, fset.Position(n.End()).Line)
		}
		return true
	})
	return last
}
