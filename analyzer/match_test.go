package analyzer

import (
	"encoding/json"
	"errors"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// fake is a program of packages without imports.
type fake struct {
	packages map[string]*types.Package
	hidden   []string // functions that only source files show
}

func (f fake) Paths() (paths []string) {
	for path := range f.packages {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

func (f fake) Types(path string) *types.Package { return f.packages[path] }

func (f fake) Lacks(path string) string {
	if f.packages[path] != nil || path == "example.com/doubt" {
		return ""
	}
	return "there is no package " + path
}

func (f fake) LacksAll(match func(path, name string) bool) bool {
	for path, pkg := range f.packages {
		if match(path, pkg.Name()) {
			return false
		}
	}
	return true
}

func (f fake) Declares(path, recv, name string) bool {
	return slices.Contains(f.hidden, strings.Join([]string{path, recv, name}, " "))
}

// pkg makes a package with a function and a type that has a method.
func pkg(path, name string) *types.Package {
	p := types.NewPackage(path, name)
	none := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	p.Scope().Insert(types.NewFunc(token.NoPos, p, "Send", none))
	client := types.NewNamed(types.NewTypeName(token.NoPos, p, "Client", nil), types.NewStruct(nil, nil), nil)
	p.Scope().Insert(client.Obj())
	recv := types.NewVar(token.NoPos, p, "c", types.NewPointer(client))
	client.AddMethod(types.NewFunc(token.NoPos, p, "Call", types.NewSignatureType(recv, nil, nil, nil, nil, false)))
	p.MarkComplete()
	return p
}

// TestCheckProgram compares settings with a program.
func TestCheckProgram(t *testing.T) {
	program := fake{
		packages: map[string]*types.Package{
			"example.com/app/mail": pkg("example.com/app/mail", "mail"), "example.com/app/internal/db/one": pkg("example.com/app/internal/db/one", "one"),
		},
		hidden: []string{"example.com/app/mail *Client call"},
	}
	row := func(name string) string { return `{"catalog": [{"func": "` + name + `", "kind": "slow"}]}` }
	for settings, want := range map[string]string{
		row("example.com/app/mail.Send"):           "",
		row("(*example.com/app/mail.Client).Call"): "",
		row("(*example.com/app/mail.Client).call"): "", // not exported
		row("example.com/doubt.Send"):              "",
		row("example.com/app/mail.Sent"): `catalog.0.func: "example.com/app/mail.Sent" matches nothing: package example.com/app/mail has no function Sent ` +
			`(did you mean "example.com/app/mail.Send"?)`,
		row("(example.com/app/mail.Client).Call"): `catalog.0.func: "(example.com/app/mail.Client).Call" matches nothing: the method is declared otherwise ` +
			`(did you mean "(*example.com/app/mail.Client).Call"?)`,
		row("example.com/app/mial.Send"): `catalog.0.func: "example.com/app/mial.Send" matches nothing: there is no package example.com/app/mial ` +
			`(did you mean "example.com/app/mail"?)`,
		`{"allow": ["example.com/app/mail", "example.com/app/..."]}`: "",
		`{"allow": ["example.com/app/mall"]}`:                        `allow.0: "example.com/app/mall" matches no package of the program (did you mean "example.com/app/mail"?)`,
		`{"allow": ["example.com/app/mail", "example.com/app/intern/db/..."]}`: `allow.1: "example.com/app/intern/db/..." matches no package of the program ` +
			`(did you mean "example.com/app/internal/db/..."?)`,
		`{"allow": ["x"]}`:    `allow.0: "x" matches no package of the program`,
		`{"allow": ["main"]}`: `allow.0: "main" stands for main packages, and the program has none`,
	} {
		var o Options
		if err := json.Unmarshal([]byte(settings), &o); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := o.CheckProgram(program); err != nil {
			got = err.Error()
			if _, ok := errors.AsType[*SettingError](err); !ok {
				t.Errorf("%s: a %T", settings, err)
			}
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", settings, got, want)
		}
	}
}
