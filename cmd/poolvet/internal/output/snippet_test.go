package output

import (
	"strings"
	"testing"
)

// TestSnippet puts the carets under the range.
func TestSnippet(t *testing.T) {
	long := strings.Repeat("a", 30) + "MARK" + strings.Repeat("b", 30)
	for _, tt := range []struct {
		name, line, mark string
		limit            int
		shown, under     string // mark stands for carets
	}{
		{"plain", "x := f()", "f()", 99, "x := f()", "     ^^^"},
		{"first", "f()", "f()", 99, "f()", "^^^"},
		{"end of the line", "f()", "", 99, "f()", "   ^"},
		{"trailing blanks", "f() \t ", "f()", 99, "f()", "^^^"},
		{"tabs before", "\tx\ty", "y", 99, "\tx\ty", "\t \t^"},
		{"tab within", "a\tb", "a\tb", 99, "a\tb", "^^^^^^^^"}, // columns 9 to 16 of the screen, and b
		{"two bytes", "é := f()", "f()", 99, "é := f()", "     ^^^"},
		{"wide", "世界 := f()", "f()", 99, "世界 := f()", "        ^^^"},
		{"wide within", `f("世")`, `f("世")`, 99, `f("世")`, "^^^^^^^"},
		{"emoji", "🦊 f", "f", 99, "🦊 f", "   ^"},
		{"combining", "e\u0301 f", "f", 99, "e\u0301 f", "  ^"},
		{"joiner", "a\u200db f", "f", 99, "a\u200db f", "   ^"},
		{"fullwidth space", "a\u3000f", "f", 99, "a\u3000f", "   ^"},
		{"bad bytes", "\xff\xfe f", "f", 99, "\uFFFD\uFFFD f", "   ^"},
		{"escape sequence", "\x1b[31m f", "f", 99, "\uFFFD[31m f", "      ^"},
		{"other direction", "a\u202e f", "f", 99, "a\uFFFD f", "   ^"},
		{"just fits", long, "MARK", 64, long, strings.Repeat(" ", 30) + "^^^^"},
		{"end cut", long, "MARK", 40, long[:39] + "…", strings.Repeat(" ", 30) + "^^^^"},
		{"beginning cut", long + "END", "END", 20, "…" + strings.Repeat("b", 7) + "END", strings.Repeat(" ", 8) + "^^^"},
		{"both cut", long, "MARK", 20, "…aaaaaaaMARKbbbbbbb…", "        ^^^^"},
		{"longer than the limit", long, long[10:60], 20, "…aa" + strings.Repeat("a", 16) + "…", "   " + strings.Repeat("^", 16)},
		{"tabs in a cut line", "\t" + strings.Repeat("a", 30) + "\tMARK", "MARK", 20, "…aaaaaa MARK", "        ^^^^"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			from := strings.LastIndex(tt.line, tt.mark)
			shown, blanks, carets := snippet(tt.line, from, from+len(tt.mark), tt.limit)
			if shown != tt.shown || blanks+carets != tt.under {
				t.Errorf("got\n%q\n%q\nwant\n%q\n%q", shown, blanks+carets, tt.shown, tt.under)
			}
		})
	}
}

// TestIndentation takes off what all lines have.
func TestIndentation(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"\t\ta"}, "\t\t"},
		{[]string{"\t\ta", "\t\t\tb", "\tc"}, "\t"},
		{[]string{"\t  a", "\t b"}, "\t "},
		{[]string{"  a", "\tb"}, ""},
	} {
		if got := indentation(tt.lines); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.lines, got, tt.want)
		}
	}
}
