package load

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const program = `
-- go.mod --
module example.com/app

go 1.26
-- uses/uses.go --
package uses

import (
	"example.com/app/wrapper"
	"example.com/app/plain"
)

func F() { wrapper.F(); plain.F() }
-- uses/uses_test.go --
package uses

import "testing"

func TestF(*testing.T) { F() }
-- wrapper/wrapper.go --
package wrapper

import "database/sql"

func F() *sql.DB { return nil }
-- plain/plain.go --
package plain

import "strings"

func F() string { return strings.ToUpper("") }
-- driver/driver.go --
package driver

import "database/sql/driver"

var D driver.Driver
`

// enter makes the files of a txtar archive in a new working directory.
func enter(t *testing.T, archive string) {
	t.Helper()
	dir := t.TempDir()
	for _, file := range txtar.Parse([]byte(archive)).Files {
		path := filepath.Join(dir, filepath.FromSlash(file.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

func query(t *testing.T, r Request) *Program {
	t.Helper()
	r.Libraries = []string{"database/sql"}
	p, err := Query(r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// levels returns the packages of the program under test that are loaded from source, with how much of each.
func levels(p *Program) map[string]level {
	got := make(map[string]level)
	for _, u := range p.sources() {
		if strings.HasPrefix(u.ID, "example.com/") {
			got[strings.TrimPrefix(u.ID, "example.com/app/")] = u.level
		}
	}
	return got
}

func check(t *testing.T, got map[string]level, want map[string]level) {
	t.Helper()
	for id := range want {
		if got[id] != want[id] {
			t.Errorf("%s: level %d, want %d", id, got[id], want[id])
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestLevels loads from source what reaches a library, requested or not, and nothing else.
func TestLevels(t *testing.T) {
	enter(t, program)
	check(t, levels(query(t, Request{Patterns: []string{"./..."}})), map[string]level{"uses": analyzed, "wrapper": analyzed})
	check(t, levels(query(t, Request{Patterns: []string{"./uses"}})), map[string]level{"uses": analyzed, "wrapper": analyzed})
	check(t, levels(query(t, Request{Patterns: []string{"./plain", "./driver"}})), map[string]level{})
	check(t, levels(query(t, Request{Patterns: []string{"./uses"}, Tests: true})),
		map[string]level{"uses [example.com/app/uses.test]": analyzed, "wrapper": analyzed})
	check(t, levels(query(t, Request{Patterns: []string{"./plain"}, Wrappers: []string{"strings"}})), map[string]level{"plain": analyzed})
}

// TestColdCache type-checks everything from source rather than compile it, function bodies of what does not matter left out.
func TestColdCache(t *testing.T) {
	enter(t, program)
	t.Setenv("GOCACHE", t.TempDir())
	p := query(t, Request{Patterns: []string{"./uses", "./driver"}})
	check(t, levels(p), map[string]level{"uses": analyzed, "wrapper": analyzed, "plain": skeleton, "driver": checked})
	p.Load()
	if len(p.Problems) != 0 || len(p.Packages) != 1 {
		t.Errorf("problems %v, packages %v", p.Problems, p.Packages)
	}
}

// TestLoad leads from the requested packages to those with facts only.
func TestLoad(t *testing.T) {
	enter(t, program)
	p := query(t, Request{Patterns: []string{"./..."}})
	p.Load()
	if len(p.Problems) != 0 {
		t.Fatalf("problems %v", p.Problems)
	}
	var ids []string
	for _, pkg := range p.Packages {
		ids = append(ids, pkg.ID)
		if pkg.Types == nil || !pkg.Types.Complete() || pkg.TypesInfo == nil || len(pkg.Syntax) == 0 || pkg.IllTyped {
			t.Errorf("%s is not loaded", pkg.ID)
		}
		for path := range pkg.Imports {
			if path != "example.com/app/wrapper" {
				t.Errorf("%s leads to %s", pkg.ID, path)
			}
		}
	}
	if want := []string{"example.com/app/uses", "example.com/app/wrapper"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

const helped = `
-- go.mod --
module example.com/app

go 1.26

require example.com/lib v1.0.0

replace example.com/lib => ./lib
-- shop/shop.go --
package shop

import (
	"database/sql"

	"example.com/app/notify"
	"example.com/lib"
)

func F(db *sql.DB) { notify.F(); lib.F() }
-- notify/notify.go --
package notify

import (
	"net/smtp"

	"example.com/app/mail"
	"example.com/app/plain"
)

var Auth smtp.Auth

func F() { mail.F(plain.F()) }
-- mail/mail.go --
package mail

import "net/smtp"

func F(to string) { smtp.SendMail("", nil, "", []string{to}, nil) }
-- plain/plain.go --
package plain

import "strings"

func F() string { return strings.ToUpper("") }
-- apart/apart.go --
package apart

import "net/smtp"

func F() { smtp.SendMail("", nil, "", nil, nil) }
-- lib/go.mod --
module example.com/lib

go 1.26
-- lib/lib.go --
package lib

import "net/smtp"

func F() { smtp.SendMail("", nil, "", nil, nil) }
`

// TestHelpers loads from source the packages of the program that import what waits for something outside it, if what reaches a
// library uses them, or another such package does that it uses.
func TestHelpers(t *testing.T) {
	enter(t, helped)
	slow := func(path string) bool { return path == "net/smtp" }
	for _, test := range []struct {
		pattern string
		slow    func(string) bool
		want    map[string]level
	}{
		{"./shop", slow, map[string]level{"shop": analyzed, "notify": analyzed, "mail": analyzed}},
		{"./...", slow, map[string]level{"shop": analyzed, "notify": analyzed, "mail": analyzed}},
		{"./...", nil, map[string]level{"shop": analyzed}},
		{"./...", func(path string) bool { return path == "net/http" }, map[string]level{"shop": analyzed}},
		{"./notify", slow, map[string]level{}},
		{"./mail", slow, map[string]level{}},
		{"./apart", slow, map[string]level{}},
	} {
		check(t, levels(query(t, Request{Patterns: []string{test.pattern}, Slow: test.slow})), test.want)
	}
	p := query(t, Request{Patterns: []string{"./shop"}, Slow: slow})
	p.Load()
	if len(p.Problems) != 0 || len(p.Packages) != 1 {
		t.Fatalf("problems %v, packages %v", p.Problems, p.Packages)
	}
	notify := p.Packages[0].Imports["example.com/app/notify"]
	if notify == nil || len(notify.Syntax) != 1 || notify.Imports["example.com/app/mail"] == nil || len(notify.Imports) != 1 || len(p.Packages[0].Imports) != 1 {
		t.Errorf("the shop leads to %v", p.Packages[0].Imports)
	}
}

// TestNoPackages tells nothing to load from nothing to say.
func TestNoPackages(t *testing.T) {
	enter(t, "-- go.mod --\nmodule example.com/app\n")
	if _, err := Query(Request{Patterns: []string{"./..."}}); !errors.Is(err, ErrNoPackages) {
		t.Errorf("got %v", err)
	}
}
