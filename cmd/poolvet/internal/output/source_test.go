package output

import (
	"go/token"
	"testing"
)

// TestWord finds the word at a byte.
func TestWord(t *testing.T) {
	for _, tt := range []struct {
		line string
		at   int
		want string
	}{
		{"return nil", 0, "return"},
		{"x.größe_1 = 2", 2, "größe_1"},
		{"s.db.Query(ctx)", 10, "Query"},
		{"(f)(1)", 3, "("},
		{"(1)", 0, "("},
		{"a + b", 2, "+"},
		{"a → b", 2, "→"},
		{"\xff", 0, "\xff"},
	} {
		from, to := word(tt.line, tt.at)
		if got := tt.line[from:to]; got != tt.want {
			t.Errorf("%q at %d: got %q, want %q", tt.line, tt.at, got, tt.want)
		}
	}
}

// TestUTF16Column counts as SARIF wants it.
func TestUTF16Column(t *testing.T) {
	src := sources{"a.go": {"aé世🦊\xffz", ""}}
	for _, tt := range []struct{ line, column, want int }{
		{1, 1, 1}, {1, 2, 2}, {1, 4, 3}, {1, 7, 4}, {1, 11, 6}, {1, 12, 7}, {1, 13, 8},
		{1, 15, 10}, // behind the end: the file has changed
		{2, 1, 1},
		{3, 5, 5}, // not there
		{1, 0, 0}, // no column
	} {
		if got := src.utf16Column(token.Position{Filename: "a.go", Line: tt.line, Column: tt.column}); got != tt.want {
			t.Errorf("%d:%d: got %d, want %d", tt.line, tt.column, got, tt.want)
		}
	}
}

// TestSourceText returns what stands in a range.
func TestSourceText(t *testing.T) {
	src := sources{"a.go": {"one two", "three", "four"}}
	at := func(line, column int) token.Position {
		return token.Position{Filename: "a.go", Line: line, Column: column}
	}
	for _, tt := range []struct {
		start, end token.Position
		want       string
	}{
		{at(1, 5), at(1, 8), "two"},
		{at(1, 5), at(3, 3), "two\nthree\nfo"},
		{at(1, 5), at(1, 99), "two"},
		{at(1, 99), at(1, 5), ""},
		{at(3, 1), at(4, 1), ""},
	} {
		if got := src.text(place{tt.start, tt.end}); got != tt.want {
			t.Errorf("%v to %v: got %q, want %q", tt.start, tt.end, got, tt.want)
		}
	}
}
