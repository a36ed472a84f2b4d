package diag

import (
	"go/ast"
	"go/token"
	"regexp"
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
	names, reason, _ := strings.Cut(strings.TrimSpace(rest), " ")
	reason = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(reason), "//")) // as //nolint has it
	comment := Comment{Pos: c.Pos(), End: c.End(), Reason: reason}
	if names != "" {
		comment.Rules = strings.Split(names, ",")
	}
	return comment, true
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

// forGolangci is what golangci-lint reads: //nolint for all linters, //nolint:a,b for those that are named.
var forGolangci = regexp.MustCompile(`^[/ ]*nolint(?::([^/]*)|\s[^:]*|)(?://(.*))?$`)

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

// parseNolint returns the reason of a comment that silences poolvet in golangci-lint.
func parseNolint(text string) (reason string, ok bool) {
	m := forGolangci.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	for name := range strings.SplitSeq(m[1], ",") {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "", "all", "poolvet":
			return strings.TrimSpace(m[2]), true
		}
	}
	return "", false
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
