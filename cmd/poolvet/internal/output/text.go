package output

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// text writes the findings for people, each with its source and carets below it. In a pipe the first line of each is
// path:line:column: message (rule), and all others are indented: editors and scripts read that.
func text(w io.Writer, r *Report) error {
	t := &texter{report: r, sources: make(sources), limit: lineWidth}
	if r.Width > 0 {
		t.limit = max(r.Width-gutterWidth, minWidth)
	}
	last := ""
	for i, f := range finding.Reported(r.Findings) {
		file := Relative(r.Dir, f.Pos.Filename)
		if i > 0 && (file != last || r.Heading) {
			t.buf.WriteString("\n")
		}
		if r.Heading && file != last {
			fmt.Fprintln(&t.buf, t.paint(bold, file))
		}
		last = file
		t.finding(f)
	}
	_, err := w.Write(t.buf.Bytes())
	return err
}

// texter writes one report.
type texter struct {
	report  *Report
	sources sources
	limit   int // columns for source
	buf     bytes.Buffer
}

// style is an ANSI code.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	red    style = "31"
	yellow style = "33"
	cyan   style = "36"
)

// paint gives a text a color, if there are to be colors.
func (t *texter) paint(s style, text string) string {
	if !t.report.Color || s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// tierStyle is the color of a tier.
func tierStyle(tier string) style {
	switch tier {
	case "error":
		return red
	case "warning":
		return yellow
	}
	return cyan
}

// mark is a place that is shown, with a word on it.
type mark struct {
	place
	label string
	style style
}

func (t *texter) finding(f finding.Finding) {
	d := f.Diagnostic
	main := mark{t.sources.of(f), d.Category, tierStyle(d.Category)}
	if t.report.Heading {
		at := fmt.Sprintf("  %d:%d  ", f.Pos.Line, f.Pos.Column)
		text := t.wrap(len(at+d.Category)+2, d.Message, "("+f.Rule.Name+")")
		fmt.Fprintf(&t.buf, "%s%s  %s\n", at, t.paint(main.style, d.Category), text)
		main.label = "" // it stands above
	} else {
		at := t.paint(bold, Relative(t.report.Dir, f.Pos.String())+":")
		fmt.Fprintf(&t.buf, "%s %s %s\n", at, d.Message, t.paint(dim, "("+f.Rule.Name+")"))
	}
	marks := []mark{main}
	var elsewhere []mark
	for _, r := range d.Related {
		m := mark{t.sources.related(f, r), r.Message, cyan}
		_, readable := t.sources.line(m.start.Filename, m.start.Line)
		if m.start.Filename == f.Pos.Filename && readable {
			marks = append(marks, m)
		} else {
			elsewhere = append(elsewhere, m)
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.start.Line, b.start.Line) }) // as people read
	t.excerpt(marks)
	for _, m := range elsewhere {
		fmt.Fprintf(&t.buf, "  %s %s\n", t.paint(bold, Relative(t.report.Dir, m.start.String())+":"), m.label)
		m.label = "" // it stands above
		t.excerpt([]mark{m})
	}
}

// wrap is a message with the rule behind it, broken between words if it is wider than the terminal. It begins in a column, and
// so do its other lines.
func (t *texter) wrap(column int, message, rule string) string {
	if t.report.Width-column < minWidth {
		return message + "  " + t.paint(dim, rule) // the terminal is too narrow, or not known
	}
	var b strings.Builder
	at := column
	write := func(blanks, word string, s style) {
		n := total(cells(word))
		switch {
		case at > column && at+len(blanks)+n > t.report.Width:
			b.WriteString("\n" + strings.Repeat(" ", column))
			at = column
		case at > column:
			b.WriteString(blanks)
			at += len(blanks)
		}
		b.WriteString(t.paint(s, word))
		at += n
	}
	for word := range strings.SplitSeq(message, " ") {
		write(" ", word, plain)
	}
	write("  ", rule, dim)
	return b.String()
}

// excerpt shows the lines of a file that marks are in. It says nothing of a line that cannot be read.
func (t *texter) excerpt(marks []mark) {
	var lines []string
	for _, m := range marks {
		if line, ok := t.sources.line(m.start.Filename, m.start.Line); ok {
			lines = append(lines, line)
		}
	}
	indent := indentation(lines)
	last := 0
	for _, m := range marks {
		line, ok := t.sources.line(m.start.Filename, m.start.Line)
		if !ok {
			continue // the file is not what was analyzed: the message has to do
		}
		to := len(line) // of a range over several lines, the first one is shown
		if m.end.Line == m.start.Line {
			to = m.end.Column - 1
		}
		cut := len(indent)
		shown, blanks, carets := snippet(line[cut:], max(m.start.Column-1-cut, 0), max(to-cut, 0), t.limit)
		if m.start.Line != last {
			t.line(strconv.Itoa(m.start.Line), shown)
		}
		last = m.start.Line
		t.line("", strings.TrimRight(blanks+t.paint(m.style, strings.TrimSpace(carets+" "+m.label)), " "))
	}
}

// line writes a line of source, or one below it.
func (t *texter) line(number, text string) {
	fmt.Fprintln(&t.buf, strings.TrimRight(t.paint(dim, fmt.Sprintf("%*s |", gutterWidth-3, number))+" "+text, " "))
}
