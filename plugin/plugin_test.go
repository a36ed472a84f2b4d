package plugin

import (
	"runtime/debug"
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"
)

// TestNew takes the settings as golangci-lint has them: registered under the linter's name, decoded from YAML to maps.
func TestNew(t *testing.T) {
	construct, err := register.GetPlugin("poolvet")
	if err != nil {
		t.Fatal(err)
	}
	for _, settings := range []any{
		nil,
		map[string]any{},
		map[string]any{"max-conns": 20, "rules": map[string]any{"slowhold": map[string]any{"rows": true}}},
	} {
		l, err := construct(settings)
		if err != nil {
			t.Errorf("%v: %v", settings, err)
			continue
		}
		rules, err := l.BuildAnalyzers()
		if err != nil || len(rules) == 0 || analysis.Validate(rules) != nil || l.GetLoadMode() != register.LoadModeTypesInfo {
			t.Errorf("%v: %v, %v", settings, rules, err)
		}
	}
}

// TestNewRefuses says what is wrong with settings.
func TestNewRefuses(t *testing.T) {
	for want, settings := range map[string]any{
		`unknown key "max-conn" (did you mean "max-conns"?)`: map[string]any{"max-conn": 20},
		`unknown rule "fan-out" (did you mean "fanout"?)`:    map[string]any{"rules": map[string]any{"fan-out": true}},
		`max-conns: must be a whole number, is "many"`:       map[string]any{"max-conns": "many"},
		`max-parallel: must be at least 1, is -1`:            map[string]any{"max-parallel": -1},
		`catalog.0.kind: unknown "acquires" (did you mean "acquire"?)`: map[string]any{
			"catalog": []any{map[string]any{"func": "example.com/db.Open", "kind": "acquires"}},
		},
		`rules.fanout: must be true, false, or the options of the rule`: map[string]any{"rules": map[string]any{"fanout": 1}},
	} {
		if _, err := New(settings); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v:\ngot  %v\nwant %s", settings, err, want)
		}
	}
}

// TestRelease tells one release of poolvet from another.
func TestRelease(t *testing.T) {
	build := func(version, sum string) string {
		return release(&debug.BuildInfo{Deps: []*debug.Module{
			{Path: "golang.org/x/tools", Version: "v0.52.0", Sum: "h1:x"},
			{Path: "github.com/poolvet/poolvet", Version: version, Sum: sum},
		}})
	}
	first := build("v1.0.0", "h1:a")
	if first != build("v1.0.0", "h1:a") || first == build("v1.0.1", "h1:a") || first == build("v1.0.0", "h1:b") {
		t.Errorf("got %s, %s, %s", first, build("v1.0.1", "h1:a"), build("v1.0.0", "h1:b"))
	}
	if rule := (&analysis.Analyzer{Name: "a" + first, Doc: "doc", Run: func(*analysis.Pass) (any, error) { return nil, nil }}); analysis.Validate([]*analysis.Analyzer{rule}) != nil {
		t.Errorf("%s does not fit into a name", first)
	}
	if got := release(nil) + release(new(debug.BuildInfo)); got != "" {
		t.Errorf("got %s without a release", got)
	}
}

// TestSimplify leaves one issue and one fix of a diagnostic.
func TestSimplify(t *testing.T) {
	rule := &analysis.Analyzer{Name: "rule", Run: func(pass *analysis.Pass) (any, error) {
		pass.Report(analysis.Diagnostic{Message: "a"})
		pass.Report(analysis.Diagnostic{
			Message:        "b",
			Related:        []analysis.RelatedInformation{{Message: "there"}},
			SuggestedFixes: []analysis.SuggestedFix{{Message: "first"}, {Message: "second"}},
		})
		return nil, nil
	}}
	simplify(rule)
	var got []analysis.Diagnostic
	if _, err := rule.Run(&analysis.Pass{Report: func(d analysis.Diagnostic) { got = append(got, d) }}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || len(got[0].SuggestedFixes) != 0 {
		t.Fatalf("got %+v", got)
	}
	if b := got[1]; b.Related != nil || len(b.SuggestedFixes) != 1 || b.SuggestedFixes[0].Message != "first" {
		t.Errorf("got %+v", b)
	}
}
