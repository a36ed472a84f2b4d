package analyzer

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
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

// TestGuard makes a panic the error of one package.
func TestGuard(t *testing.T) {
	a := &analysis.Analyzer{Name: "a", Run: func(*analysis.Pass) (any, error) { panic("no") }}
	guard(a)
	if _, err := a.Run(nil); err == nil {
		t.Error("no error")
	}
}

// TestUnknown suggests only what is near.
func TestUnknown(t *testing.T) {
	known := []string{"max-conns", "tests"}
	for name, want := range map[string]string{
		"maxconns": `unknown key "maxconns" (did you mean "max-conns"?)`,
		"test":     `unknown key "test" (did you mean "tests"?)`,
		"verbose":  `unknown key "verbose" (known: max-conns, tests)`,
	} {
		if got := unknown("key", name, known); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
