package analyzertest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/scanner"

	"golang.org/x/tools/go/packages"
)

// A line is where a diagnostic is expected.
type line struct {
	file string // relative to the module directory
	line int
}

// expectations are the patterns of the "want" comments by line.
type expectations map[line][]*regexp.Regexp

// expectations reads the "want" comments of the requested packages; problems are comments that cannot be read.
func (p *program) expectations() (wants expectations, problems []string) {
	wants = make(expectations)
	for _, pkg := range p.roots {
		for _, file := range pkg.Syntax {
			problems = append(problems, p.readWants(wants, pkg, file)...)
		}
	}
	return wants, problems
}

func (p *program) readWants(wants expectations, pkg *packages.Package, file *ast.File) (problems []string) {
	for _, group := range file.Comments {
		for _, comment := range group.List {
			text, ok := wantText(comment.Text)
			if !ok {
				continue
			}
			posn := pkg.Fset.Position(comment.Pos())
			posn.Filename = p.relative(posn.Filename)
			delta, patterns, err := parseWant(text)
			if err != nil {
				problems = append(problems, fmt.Sprintf("%s: in a want comment: %v", place(posn), err))
				continue
			}
			at := line{posn.Filename, posn.Line + delta}
			wants[at] = append(wants[at], patterns...)
		}
	}
	return problems
}

// wantText returns what follows "want" in a comment. A comment may begin with other text: `// see issue 7 // want "…"`.
func wantText(comment string) (string, bool) {
	text, ok := strings.CutPrefix(comment, "//")
	if !ok {
		text = strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	}
	if i := strings.Index(text, "// want"); i >= 0 {
		text = text[i+len("// "):]
	}
	text, ok = strings.CutPrefix(strings.TrimSpace(text), "want")
	return text, ok && text != "" && strings.ContainsAny(text[:1], " \t")
}

// parseWant reads one or more regular expressions in Go string syntax, after an optional line offset.
func parseWant(text string) (delta int, patterns []*regexp.Regexp, err error) {
	var s scanner.Scanner
	s.Init(strings.NewReader(text))
	s.Mode = scanner.ScanIdents | scanner.ScanStrings | scanner.ScanRawStrings | scanner.ScanInts
	s.Error = func(_ *scanner.Scanner, msg string) { err = fmt.Errorf("%s", msg) }
	for {
		tok := s.Scan()
		if err != nil {
			return 0, nil, err
		}
		switch tok {
		case '+':
			if tok = s.Scan(); tok != scanner.Int {
				return 0, nil, fmt.Errorf("got +%s, want +number", s.TokenText())
			}
			delta, _ = strconv.Atoi(s.TokenText())
		case scanner.String, scanner.RawString:
			pattern, err := strconv.Unquote(s.TokenText())
			if err != nil {
				return 0, nil, err
			}
			rx, err := regexp.Compile(pattern)
			if err != nil {
				return 0, nil, err
			}
			patterns = append(patterns, rx)
		case scanner.EOF:
			if len(patterns) == 0 {
				return 0, nil, fmt.Errorf("no expectation")
			}
			return delta, patterns, nil
		default:
			return 0, nil, fmt.Errorf("got %s, want a regular expression in quotes", s.TokenText())
		}
	}
}

// compare returns one line for each diagnostic that no expectation of its line matches and for each expectation left over.
func (e expectations) compare(diagnostics []Diagnostic) (problems []string) {
	left := make(expectations)
	for at, patterns := range e {
		left[at] = slices.Clone(patterns)
	}
	for _, d := range diagnostics {
		at := line{d.Posn.Filename, d.Posn.Line}
		i := slices.IndexFunc(left[at], func(rx *regexp.Regexp) bool { return rx.MatchString(d.Message) })
		switch {
		case i >= 0:
			left[at] = slices.Delete(left[at], i, i+1)
		case len(e[at]) == 0:
			problems = append(problems, fmt.Sprintf("%s: unexpected diagnostic: %s", place(d.Posn), d.Message))
		default:
			problems = append(problems, fmt.Sprintf("%s: diagnostic %q does not match %s", place(d.Posn), d.Message, quoted(e[at])))
		}
	}
	at := slices.SortedFunc(maps.Keys(left), func(a, b line) int {
		if c := strings.Compare(a.file, b.file); c != 0 {
			return c
		}
		return a.line - b.line
	})
	for _, l := range at {
		if len(left[l]) > 0 {
			posn := token.Position{Filename: l.file, Line: l.line}
			problems = append(problems, fmt.Sprintf("%s: no diagnostic matches %s", place(posn), quoted(left[l])))
		}
	}
	return problems
}

func quoted(patterns []*regexp.Regexp) string {
	var texts []string
	for _, rx := range patterns {
		texts = append(texts, strconv.Quote(rx.String()))
	}
	return strings.Join(texts, " or ")
}
