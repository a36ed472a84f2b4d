package analyzer

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// TestNewRefuses states the message for settings that no decoder can refuse.
func TestNewRefuses(t *testing.T) {
	zero := 0
	for _, test := range []struct {
		options Options
		want    string
	}{
		{Options{Rules: map[string]Rule{"fan-out": {On: true}}}, `unknown rule "fan-out" (did you mean "fanout"?)`},
		{Options{Rules: map[string]Rule{"fanout": {On: true, Rows: true}}}, `rules.fanout.rows: is an option of slowhold only`},
		{Options{MaxConns: &zero}, `max-conns: must be at least 1, is 0`},
		{Options{MaxParallel: &zero}, `max-parallel: must be at least 1, is 0`},
		{Options{Allow: []string{""}}, `allow.0: "" is not an import path`},
		{Options{Allow: []string{"main", "../db"}}, `allow.1: "../db" is a directory; write the import path`},
	} {
		_, err := New(test.options)
		if _, ok := errors.AsType[*SettingError](err); !ok || err.Error() != test.want {
			t.Errorf("%+v:\ngot  %v\nwant %s", test.options, err, test.want)
		}
	}
}

// TestNewRules knows every rule of the design and returns those that are built and on.
func TestNewRules(t *testing.T) {
	names := func(o Options) (names []string) {
		t.Helper()
		all, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range all {
			names = append(names, rule.Name)
		}
		return names
	}
	byDefault := names(Options{})
	if !slices.Contains(byDefault, "lostrelease") {
		t.Errorf("by default %v", byDefault)
	}
	if slices.Contains(byDefault, "nodeadline") || !slices.Contains(names(Options{Rules: map[string]Rule{"nodeadline": {On: true}}}), "nodeadline") {
		t.Error("nodeadline is not on exactly if it is turned on")
	}
	for name := range rules {
		on := names(Options{Rules: map[string]Rule{name: {On: true}}})
		off := names(Options{Rules: map[string]Rule{name: {}}})
		if slices.Contains(off, name) || slices.Contains(byDefault, name) && !slices.Contains(on, name) {
			t.Errorf("%s: on %v, off %v", name, on, off)
		}
	}
}

// TestSummary finds the analyzer that all rules share.
func TestSummary(t *testing.T) {
	all, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range all {
		if !slices.Contains(rule.Requires, Summary(all)) {
			t.Errorf("%s does not require the summary of the others", rule.Name)
		}
	}
	if Summary(nil) != nil || !reflect.DeepEqual(CoverageOf(nil), Coverage{}) {
		t.Error("no rules have a summary or coverage")
	}
}

// TestIsSlow knows the packages of the catalog and those of the user's rows.
func TestIsSlow(t *testing.T) {
	var o Options
	if err := json.Unmarshal([]byte(`{"catalog": [{"func": "example.com/mail.Send", "kind": "slow"}, {"func": "example.com/db.Open", "kind": "neutral"}]}`), &o); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"net/http": true, "example.com/mail": true, "example.com/db": false, "fmt": false} {
		if o.IsSlow(path) != want {
			t.Errorf("%s is slow: %t", path, !want)
		}
	}
	if (Options{}).IsSlow("example.com/mail") {
		t.Error("a row of another user's counts")
	}
	if wrappers := o.Wrappers(); !slices.Contains(wrappers, "example.com/mail") {
		t.Errorf("what uses the user's package does not matter: %v", wrappers)
	}
}

// TestNeedsOf reads from a summary how many connections the entry points hold, and nothing from a failed one.
func TestNeedsOf(t *testing.T) {
	if NeedsOf(nil) != nil || NeedsOf("failed") != nil {
		t.Error("a failed analyzer has needs")
	}
	dir, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	const src = `package overlaid
import "database/sql"
func Four(db *sql.DB) { three(db) }
func three(db *sql.DB) {
	conn, _ := db.Conn(nil)
	defer conn.Close()
	Three(db)
}
func Three(db *sql.DB) {
	tx, _ := db.Begin()
	defer tx.Rollback()
	Two(db)
}
func Two(db *sql.DB) {
	tx, _ := db.Begin()
	defer tx.Rollback()
	One(db)
}
func One(db *sql.DB) { db.Exec("select 1") }
type Nodes struct{ db *sql.DB }
func (n *Nodes) Walk(depth int) {
	rows, _ := n.db.Query("select 1")
	defer rows.Close()
	for rows.Next() {
		n.Walk(depth - 1)
	}
}
`
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadSyntax | packages.NeedModule, Dir: dir,
		Overlay: map[string][]byte{filepath.Join(dir, "holdwait", "overlaid", "overlaid.go"): []byte(src)},
	}, "./holdwait/overlaid")
	if err != nil || packages.PrintErrors(pkgs) > 0 {
		t.Fatal("cannot load: ", err)
	}
	rules, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := checker.Analyze([]*analysis.Analyzer{Summary(rules)}, pkgs, nil)
	if err != nil || graph.Roots[0].Err != nil {
		t.Fatal(err, graph.Roots[0].Err)
	}
	var got []string
	for _, n := range NeedsOf(graph.Roots[0].Result) {
		got = append(got, fmt.Sprintf("%s at L%d: %d", n.Func, pkgs[0].Fset.Position(n.Pos).Line, n.Conns))
	}
	want := []string{"Four at L3: 4", "Three at L9: 3", "Two at L14: 2", fmt.Sprintf("(*Nodes).Walk at L21: %d", MaxConns)}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestJSON reads back what it writes, in the form of golangci-lint's settings.
func TestJSON(t *testing.T) {
	const settings = `{"rules":{"lostrelease":true,"poollimit":false,"slowhold":{"rows":true}},"allow":["main"],"max-conns":20,"strict":true}`
	var o Options
	if err := json.Unmarshal([]byte(settings), &o); err != nil {
		t.Fatal(err)
	}
	if got, err := json.Marshal(o); err != nil || string(got) != settings {
		t.Errorf("got %s, %v", got, err)
	}
	if o.Hash() == (Options{}).Hash() {
		t.Error("all settings have one hash")
	}
}
