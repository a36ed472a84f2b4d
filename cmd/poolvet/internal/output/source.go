package output

import (
	"go/token"
	"os"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// A place is a range of a file, its end exclusive. Columns are bytes from 1, as everywhere in Go.
type place struct {
	start, end token.Position
}

// sources reads files and keeps their lines.
type sources map[string][]string

// line returns a line of a file, without its end. There is none if the file cannot be read or is shorter.
func (s sources) line(file string, n int) (string, bool) {
	lines, read := s[file]
	if !read {
		if data, err := os.ReadFile(file); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		s[file] = lines
	}
	if n < 1 || n > len(lines) {
		return "", false
	}
	return strings.TrimSuffix(lines[n-1], "\r"), true
}

// of returns the place of a finding.
func (s sources) of(f finding.Finding) place { return s.place(f.Pos, f.End) }

// related returns the place of a position that belongs to a finding.
func (s sources) related(f finding.Finding, r analysis.RelatedInformation) place {
	return s.place(f.Package.Fset.Position(r.Pos), f.Package.Fset.Position(r.End))
}

// place returns the range between two positions; without an end it is the word at the first.
func (s sources) place(start, end token.Position) place {
	if end.IsValid() && end.Filename == start.Filename && end.Offset > start.Offset {
		return place{start, end}
	}
	end = start
	line, ok := s.line(start.Filename, start.Line)
	if !ok || start.Column < 1 || start.Column > len(line) {
		return place{start, end} // the file has changed, or is made of another by //line
	}
	from, to := word(line, start.Column-1)
	start.Offset += from - (start.Column - 1)
	start.Column = from + 1
	end.Offset += to - (end.Column - 1)
	end.Column = to + 1
	return place{start, end}
}

// word returns the range of the word at byte i of a line. The position of a call is often that of its parenthesis: there it is
// the word before.
func word(line string, i int) (from, to int) {
	inWord := func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
	if line[i] == '(' {
		before := line[:i]
		if start := len(strings.TrimRightFunc(before, inWord)); start < i {
			return start, i
		}
	}
	if n := len(line) - i - len(strings.TrimLeftFunc(line[i:], inWord)); n > 0 {
		return i, i + n
	}
	_, n := utf8.DecodeRuneInString(line[i:])
	return i, i + n
}

// text returns the source in a place; "" if it cannot be read.
func (s sources) text(p place) string {
	var b strings.Builder
	for n := p.start.Line; n <= p.end.Line; n++ {
		line, ok := s.line(p.start.Filename, n)
		if !ok {
			return "" // the rest would mislead
		}
		from, to := 0, len(line)
		if n == p.start.Line {
			from = min(max(p.start.Column-1, 0), to)
		}
		if n == p.end.Line {
			to = max(min(p.end.Column-1, to), from)
		} else {
			line, to = line+"\n", to+1
		}
		b.WriteString(line[from:to])
	}
	return b.String()
}

// utf16Column turns a column of bytes into one of UTF-16 code units. In a line that cannot be read each byte is taken for one.
func (s sources) utf16Column(pos token.Position) int {
	line, ok := s.line(pos.Filename, pos.Line)
	if !ok {
		return pos.Column
	}
	column := 1
	before := line[:max(min(pos.Column-1, len(line)), 0)]
	for _, r := range before {
		column += max(utf16.RuneLen(r), 1)
	}
	return column + pos.Column - 1 - len(before)
}
