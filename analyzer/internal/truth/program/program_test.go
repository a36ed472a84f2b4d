package program_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/truth/program"
)

// TestGenerate holds the generator to its seed: a function depends on that and its number only, and both matter.
func TestGenerate(t *testing.T) {
	different := false
	for i := range 300 {
		once, again := source(t, program.Generate(3, i)), source(t, program.Generate(3, i))
		if !bytes.Equal(once, again) {
			t.Fatalf("function %d is not the same twice", i)
		}
		different = different || !bytes.Equal(once, source(t, program.Generate(4, i)))
	}
	if !different {
		t.Error("the seed makes no difference")
	}
}

// TestSmaller makes functions smaller until nothing is left that can be taken away.
func TestSmaller(t *testing.T) {
	for i := range 100 {
		f := program.Generate(5, i)
		before := string(source(t, f))
		for range 200 {
			forms := f.Smaller()
			if len(forms) == 0 {
				break
			}
			for _, form := range forms {
				if source(t, form); !form.Valid() {
					t.Fatalf("a smaller form is not valid:\n%s", source(t, form))
				}
			}
			if f.Size() == 0 {
				break
			}
			f = forms[0]
		}
		if f.Size() > 0 {
			t.Errorf("function %d cannot be made smaller than\n%s", i, source(t, f))
		}
		if string(source(t, program.Generate(5, i))) != before {
			t.Fatal("what is made smaller is changed itself")
		}
	}
}

func source(t *testing.T, f *program.Function) []byte {
	t.Helper()
	text, err := f.Source("p")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.ParseFile(token.NewFileSet(), f.Name, text, 0); err != nil {
		t.Fatal(err)
	}
	return text
}
