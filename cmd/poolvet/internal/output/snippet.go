package output

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

const (
	gutterWidth = 9   // of "    42 | "
	tabWidth    = 8   // of a terminal
	lineWidth   = 140 // where the width of the terminal is not known
	minWidth    = 20  // narrower would show nothing
)

// cell is a character of a line on a screen.
type cell struct {
	text  string
	width int // in columns
	at    int // which byte of the line it is
}

// cells splits a line. What a terminal would take for a command, and what would let it show the characters in another order,
// is replaced.
func cells(line string) []cell {
	var all []cell
	column := gutterWidth
	for at := 0; at < len(line); {
		r, size := utf8.DecodeRuneInString(line[at:])
		c := cell{line[at : at+size], columns(r), at}
		switch {
		case r == '\t':
			c.width = tabWidth - column%tabWidth
		case r == utf8.RuneError || c.width < 0:
			c.text, c.width = "\uFFFD", 1
		}
		all = append(all, c)
		column += c.width
		at += size
	}
	return all
}

// columns returns how many columns a character takes; -1 if it must not be printed.
func columns(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0 // drawn over the one before
	case unicode.In(r, unicode.Bidi_Control), unicode.In(r, unicode.Cc):
		return -1
	case unicode.In(r, unicode.Cf):
		return 0 // a joiner
	case !unicode.IsGraphic(r):
		return -1
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// snippet returns a line as it is shown and what stands below it: carets under the bytes from..to, after blanks. Of a line that
// is wider than limit columns, what is around the range is shown.
func snippet(line string, from, to, limit int) (shown, blanks, carets string) {
	all := cells(strings.TrimRight(line, " \t"))
	first, last := indexOf(all, from), indexOf(all, to)
	lo, hi := window(all, first, last, limit)
	if lo > 0 {
		for i, c := range all {
			if c.text == "\t" {
				all[i] = cell{" ", 1, c.at} // its beginning is cut off: the tab stops have moved
			}
		}
		lo, hi = window(all, first, last, limit)
	}
	var source, under, marks strings.Builder
	if lo > 0 {
		source.WriteString("…")
		under.WriteString(" ")
	}
	for i := lo; i < hi; i++ {
		c := all[i]
		source.WriteString(c.text)
		switch {
		case first <= i && i < last:
			marks.WriteString(strings.Repeat("^", c.width))
		case i < first && c.text == "\t":
			under.WriteString("\t") // as wide as that above, whatever the terminal's tab stops are
		case i < first:
			under.WriteString(strings.Repeat(" ", c.width))
		}
	}
	if hi < len(all) {
		source.WriteString("…")
	}
	if marks.Len() == 0 {
		marks.WriteString("^") // at the end of the line
	}
	return source.String(), under.String(), marks.String()
}

// indexOf returns which cell holds a byte of the line.
func indexOf(all []cell, at int) int {
	for i, c := range all {
		if c.at >= at {
			return i
		}
	}
	return len(all)
}

// window returns which cells fit into limit columns, with room for the signs of omission, if first..last are to be among them.
func window(all []cell, first, last, limit int) (lo, hi int) {
	if total(all) <= limit {
		return 0, len(all)
	}
	if total(all[:last]) < limit {
		return 0, fitting(all, limit-1)
	}
	before := max((limit-2-total(all[first:last]))/2, limit/8) // of a range too long, its beginning
	lo = first
	for lo > 0 && total(all[lo-1:first]) <= before {
		lo--
	}
	return lo, lo + fitting(all[lo:], limit-2)
}

// fitting returns how many of the cells fit into limit columns.
func fitting(all []cell, limit int) int {
	for i, c := range all {
		if limit -= c.width; limit < 0 {
			return i
		}
	}
	return len(all)
}

func total(all []cell) int {
	n := 0
	for _, c := range all {
		n += c.width
	}
	return n
}

// indentation returns the white space that all lines begin with.
func indentation(lines []string) string {
	var common string
	for i, line := range lines {
		own := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if i == 0 {
			common = own
		}
		for !strings.HasPrefix(own, common) {
			common = common[:len(common)-1]
		}
	}
	return common
}
