package load

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const surrounded = `
-- go.mod --
module example.com/app

go 1.26
-- db/db.go --
package db

import "database/sql"

type Store[T any] struct{ DB *sql.DB }

func (s *Store[T]) Rows() {}

func open() {}

func init() { open() }
-- db/db_other.go --
//go:build other

package db

import _ "net/smtp"

func Other() {}
-- db/db_test.go --
package db

import _ "net/mail"

func (Store[T]) Fake() {}
-- leaf/leaf.go --
package leaf

func Exported() {}
-- other/other.go --
//go:build other

package other
-- ci/none.txt --
`

// loaded is packages of the program as the command has them.
func loaded(t *testing.T, root string, patterns ...string) *Program {
	t.Helper()
	p := query(t, Request{Patterns: patterns, Root: root})
	p.Load()
	return p
}

// TestLacks is in doubt about what tests, other builds and other packages may have.
func TestLacks(t *testing.T) {
	enter(t, surrounded)
	all, named := loaded(t, "", "./..."), loaded(t, "ci", "./db", "./leaf")
	part, foreign := loaded(t, "", "./leaf"), loaded(t, t.TempDir(), "./...")
	for _, test := range []struct {
		path               string
		all, part, foreign string // if the whole module is requested, a part of it, or with settings that lie elsewhere
	}{
		{"example.com/app/db", "", "", ""},
		{"database/sql", "", "", ""},
		{"net/mail", "", "", ""},              // of a test
		{"net/textproto", "", "", ""},         // net/mail imports it
		{"net/smtp", "", "", ""},              // of another build
		{"example.com/app/other", "", "", ""}, // likewise
		{"net/rpc", "no package of the program imports net/rpc", "", ""},
		{"example.com/app/dc", "there is no package example.com/app/dc", "there is no package example.com/app/dc", ""},
		{"example.com/gone", "there is no package example.com/gone", "there is no package example.com/gone", ""},
		{"net/gone", "there is no package net/gone", "there is no package net/gone", ""},
		{"not a path", "", "", ""},
	} {
		if got := all.Lacks(test.path); got != test.all {
			t.Errorf("%s: got %q, want %q", test.path, got, test.all)
		}
		if got := named.Lacks(test.path); got != test.all {
			t.Errorf("%s, with all packages by name: got %q, want %q", test.path, got, test.all)
		}
		if got := part.Lacks(test.path); got != test.part {
			t.Errorf("%s, in a part: got %q, want %q", test.path, got, test.part)
		}
		if got := foreign.Lacks(test.path); got != test.foreign {
			t.Errorf("%s, with settings elsewhere: got %q, want %q", test.path, got, test.foreign)
		}
	}
}

// TestLacksAll asks for all packages at once.
func TestLacksAll(t *testing.T) {
	enter(t, surrounded)
	is := func(want string) func(path, name string) bool {
		return func(path, name string) bool { return path == want || name == want }
	}
	all := loaded(t, "", "./...")
	for want, lacks := range map[string]bool{
		"example.com/app/db": false, "net/smtp": false, "example.com/app/other": false, "net/rpc": true, "main": true,
	} {
		if all.LacksAll(is(want)) != lacks {
			t.Errorf("%s: lacks it: %t", want, !lacks)
		}
	}
	if loaded(t, "", "./db").LacksAll(is("main")) {
		t.Error("a part is taken for the whole")
	}
	t.Setenv("GOPACKAGESDRIVER", filepath.Join(t.TempDir(), "driver"))
	if all := (&Program{units: all.units}); all.surroundings().known {
		t.Error("the go command is asked where another program knows the packages")
	}
}

// TestDeclares reads what types do not show.
func TestDeclares(t *testing.T) {
	enter(t, surrounded)
	p := loaded(t, "", "./...")
	for _, test := range []struct {
		recv, name string
		want       bool
	}{
		{"", "open", true},
		{"", "Other", true},
		{"*Store", "Rows", true},
		{"Store", "Fake", true},
		{"Store", "Rows", false},
		{"", "Rows", false},
		{"", "gone", false},
	} {
		if got := p.Declares("example.com/app/db", test.recv, test.name); got != test.want {
			t.Errorf("%s %s: %t", test.recv, test.name, got)
		}
	}
	if p.Declares("example.com/app/gone", "", "open") {
		t.Error("a package that is not there declares something")
	}
}

// TestTypesOfLeaf has the types of a requested package that nothing to analyze imports, and the libraries in use.
func TestTypesOfLeaf(t *testing.T) {
	enter(t, surrounded)
	p := loaded(t, "", "./...")
	leaf := p.Types("example.com/app/leaf")
	if leaf == nil || leaf.Scope().Lookup("Exported") == nil {
		t.Errorf("got %v", leaf)
	}
	if got := p.Uses(); !slices.Equal(got, []string{"database/sql"}) {
		t.Errorf("uses %v", got)
	}
	if err := os.WriteFile(filepath.Join("leaf", "broken.go"), []byte("package leaf\n\nvar N int = \"\"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if types := loaded(t, "", "./...").Types("example.com/app/leaf"); types != nil {
		t.Errorf("a broken package has %v", types)
	}
}
