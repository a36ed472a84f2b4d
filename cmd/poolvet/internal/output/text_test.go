package output

import (
	"os"
	"strings"
	"testing"
)

// TestText shows the source of findings in a pipe.
func TestText(t *testing.T) {
	p := newProgram(t, map[string]string{
		"a.go": "package a\n\nfunc a() {\n\tfor {\n\t\trows := query(\n\t\t\t1)\n\t\tif rows {\n\t\t\treturn\n\t\t}\n\t}\n}\n",
		"b.go": "package a\r\n\r\nfunc b() { begin(1) }\r\n",
	})
	p.found(lostrelease, "error", "a.go", "query(\n\t\t\t1)", "rows is lost (L8)", "a.go", "return")
	p.found(holdwait, "warning", "a.go", "rows {", "waits", "b.go", "(1)")
	p.found(holdwait, "advice", "b.go", "begin(1)", "twice", "b.go", "begin")
	want := `a.go:5:11: rows is lost (L8) (lostrelease)
     5 | rows := query(
       |         ^^^^^^ error
     8 | 	return
       | 	^^^^^^ lost here
a.go:7:6: waits (holdwait)
     7 | if rows {
       |    ^^^^^^ warning
  b.go:3:12: lost here
     3 | func b() { begin(1) }
       |            ^^^^^

b.go:3:12: twice (holdwait)
     3 | func b() { begin(1) }
       |            ^^^^^^^^ advice
       |            ^^^^^ lost here
`
	expect(t, p.write("text"), want)
}

// TestTextTerminal has headings and colors.
func TestTextTerminal(t *testing.T) {
	p := newProgram(t, map[string]string{"a.go": "package a\n\nfunc a() { begin(1); end() }\n", "b.go": "package b\n"})
	p.found(lostrelease, "error", "a.go", "begin(1)", "lost", "a.go", "end()")
	p.found(holdwait, "warning", "a.go", "end()", "waits", "", "")
	p.found(holdwait, "advice", "b.go", "package b", "advice", "", "")
	p.report.Heading = true
	want := `a.go
  3:12  error  lost  (lostrelease)
     3 | func a() { begin(1); end() }
       |            ^^^^^^^^
       |                      ^^^ lost here

  3:22  warning  waits  (holdwait)
     3 | func a() { begin(1); end() }
       |                      ^^^^^

b.go
  1:1  advice  advice  (holdwait)
     1 | package b
       | ^^^^^^^^^
`
	expect(t, p.write("text"), want)

	p.report.Color = true
	got := p.write("text")
	for _, want := range []string{
		"\x1b[1ma.go\x1b[0m\n", "  \x1b[31merror\x1b[0m  lost  \x1b[2m(lostrelease)\x1b[0m\n", "\x1b[33mwarning\x1b[0m", "\x1b[36madvice\x1b[0m",
		"\x1b[2m     3 |\x1b[0m func a() { begin(1); end() }\n", "\x1b[31m^^^^^^^^\x1b[0m\n", "\x1b[36m^^^ lost here\x1b[0m\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%q", want, got)
		}
	}
}

// TestTextWrap breaks messages between words, if there is room for words.
func TestTextWrap(t *testing.T) {
	message := "größer als " + strings.Repeat("x", 34) + " 12345 " + strings.Repeat("y", 60) + " z"
	wide := "  1:1  error  " + message + "  (lostrelease)"
	wrapped := "  1:1  error  größer als\n" +
		"              " + strings.Repeat("x", 34) + " 12345\n" +
		"              " + strings.Repeat("y", 60) + "\n" +
		"              z  (lostrelease)"
	for width, want := range map[int]string{0: wide, 33: wide, 54: wrapped, 55: wrapped, 300: wide} {
		p := newProgram(t, map[string]string{"a.go": "package a\n"})
		p.found(lostrelease, "error", "a.go", "package", message, "", "")
		p.report.Heading, p.report.Width = true, width
		if got := p.write("text"); !strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("width %d: got\n%s\nwant\n%s", width, got, want)
		}
	}
}

// TestTextWithoutSource shows what can be read.
func TestTextWithoutSource(t *testing.T) {
	p := newProgram(t, map[string]string{"a.go": "package a\n\nvar a = 1\n", "b.go": "package b\n\nvar b = 1\n", "c.go": "package c\n\nvar c = 1\n"})
	p.found(lostrelease, "error", "a.go", "a = 1", "gone", "b.go", "var b")
	p.found(lostrelease, "error", "b.go", "b = 1", "shorter", "b.go", "package")
	p.found(lostrelease, "error", "c.go", "c = 1", "narrower", "", "")
	for name, text := range map[string]string{"b.go": "package b\n", "c.go": "\n\nv\n"} {
		if err := os.WriteFile(p.files[name].Name(), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(p.files["a.go"].Name()); err != nil {
		t.Fatal(err)
	}
	want := `a.go:3:5: gone (lostrelease)
  b.go:3:1: lost here

b.go:3:5: shorter (lostrelease)
     1 | package b
       | ^^^^^^^ lost here

c.go:3:5: narrower (lostrelease)
     3 | v
       |  ^ error
`
	expect(t, p.write("text"), want)
	for _, name := range Names() {
		p.write(name) // they do without it too
	}
}

// TestTextWidth cuts lines to the terminal.
func TestTextWidth(t *testing.T) {
	p := newProgram(t, map[string]string{"a.go": "package a\n\nvar a = f(" + strings.Repeat("x, ", 60) + "g(1)" + strings.Repeat(", y", 60) + ")\n"})
	p.found(lostrelease, "error", "a.go", "g(1)", "lost", "", "")
	for _, width := range []int{0, 1, 60, 80, 500} {
		p.report.Width = width
		lines := strings.Split(p.write("text"), "\n")
		limit := gutterWidth + lineWidth
		if width > 0 {
			limit = max(width, gutterWidth+minWidth)
		}
		if n := len([]rune(lines[1])); n > limit || width < 400 && n < limit-1 {
			t.Errorf("width %d: %d columns: %s", width, n, lines[1])
		}
		at := strings.Index(lines[2], "^^^^")
		if got := string([]rune(lines[1])[max(at, 0):][:4]); got != "g(1)" {
			t.Errorf("width %d: %q is marked:\n%s\n%s", width, got, lines[1], lines[2])
		}
	}
}
