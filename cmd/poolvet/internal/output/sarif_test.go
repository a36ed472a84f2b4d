package output

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer"
	"github.com/poolvet/poolvet/cmd/poolvet/internal/finding"
)

// everything is a program whose report has every property of SARIF that is ever written.
func everything(t *testing.T) *program {
	t.Helper()
	p := newProgram(t, map[string]string{
		"a b.go":      "package a\n\nvar größe = query(\"世🦊\") // 1\n\nfunc a() {\n\treturn\n}\n",
		"sub/b.go":    "package b\n\nfunc b() {\n\tbegin(1)\n\twait(2)\n\tlock(3)\n}\n",
		"other/go.go": "package c\n",
	})
	f := p.found(lostrelease, "error", "a b.go", `query("世🦊")`, "rows is lost: return at L6 (L60)", "a b.go", "return")
	f.Function, f.Fingerprint = "example.com/p.(*T).a", "0123abcd"
	pos, end := p.at("a b.go", " // 1")
	f.Diagnostic.SuggestedFixes = []analysis.SuggestedFix{
		{Message: "defer it", TextEdits: []analysis.TextEdit{{Pos: pos, NewText: []byte("\n<x>")}, {Pos: pos, End: end}}},
		{Message: "another way"},
	}
	twice, _ := p.at("sub/b.go", "begin")
	f.Diagnostic.Related = append(f.Diagnostic.Related, analysis.RelatedInformation{Pos: twice, Message: "or here"})

	f = p.found(holdwait, "warning", "sub/b.go", "wait(2)", "waits (L4)", "sub/b.go", "(1)")
	f.Silenced = &finding.Silenced{InSource: true, Reason: "it does not"}
	slowhold := &analysis.Analyzer{Name: "slowhold", Doc: "slowhold reports slow work."}
	f = p.found(slowhold, "advice", "sub/b.go", "wait(2)", "slow", "sub/b.go", "begin")
	lock, _ := p.at("sub/b.go", "lock")
	f.Diagnostic.Related = append(f.Diagnostic.Related, analysis.RelatedInformation{Pos: lock, Message: afterwards})
	f.Silenced = new(finding.Silenced)
	return p
}

// TestSARIFSchema holds the output to the schema of the standard.
func TestSARIFSchema(t *testing.T) {
	schema := sarifSchemaOf(t)
	empty := newProgram(t, nil)
	empty.report.Rules, empty.report.Incomplete = nil, true
	for name, p := range map[string]*program{"everything": everything(t), "empty": empty} {
		if err := schema.Validate(parse(t, p.write("sarif"))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The schema does find mistakes.
	for right, wrong := range map[string]string{
		`"level": "note"`:      `"level": "advice"`,
		`"kind": "inSource"`:   `"kind": "comment"`,
		`"results":`:           `"findings":`,
		`"startLine": 3`:       `"startLine": 0`,
		`"deletedRegion": {`:   `"deleted": {`,
		`"uri": "a%20b.go"`:    `"uri": "%zz"`,
		`"codeFlows": [`:       `"codeFlows": [1,`,
		`"partialFingerprints`: `"fingerprint`,
	} {
		text := everything(t).write("sarif")
		broken := strings.Replace(text, right, wrong, 1)
		if broken == text || schema.Validate(parse(t, broken)) == nil {
			t.Errorf("%s instead of %s is no mistake", wrong, right)
		}
	}
}

func sarifSchemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "sarif-schema-2.1.0.json"))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(sarifSchema, parse(t, string(data))); err != nil {
		t.Fatal(err)
	}
	return compiler.MustCompile(sarifSchema)
}

func parse(t *testing.T, text string) any {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// run returns the only run of a report.
func (p *program) run() sarifRun {
	p.t.Helper()
	var log sarifLog
	if err := json.Unmarshal([]byte(p.write("sarif")), &log); err != nil {
		p.t.Fatal(err)
	}
	return log.Runs[0]
}

// TestSARIFResult says where a result is, in the units of the standard.
func TestSARIFResult(t *testing.T) {
	results := everything(t).run().Results
	r := results[0]
	at := r.Locations[0]
	snippet := sarifText{Text: `query("世🦊")`}
	if want := (sarifRegion{3, 13, 3, 25, &snippet}); !reflect.DeepEqual(at.Physical.Region, sarifRegion{3, 13, 3, 25, &snippet}) {
		t.Errorf("region %+v, want %+v", at.Physical.Region, want)
	}
	if want := (sarifArtifact{"a%20b.go", srcRoot}); at.Physical.Artifact != want {
		t.Errorf("artifact %+v, want %+v", at.Physical.Artifact, want)
	}
	if want := (sarifLogical{"(*T).a", "example.com/p.(*T).a"}); at.Logical[0] != want {
		t.Errorf("logical location %+v, want %+v", at.Logical[0], want)
	}
	if want := "rows is lost: return at [L6](1) (L60)"; r.Message.Text != want {
		t.Errorf("message %s, want %s", r.Message.Text, want)
	}
	if r.PartialFingerprints["poolvet/v1"] != "0123abcd" || len(r.RelatedLocations) != 2 || r.RelatedLocations[1].ID != 2 {
		t.Errorf("fingerprints %v, related locations %+v", r.PartialFingerprints, r.RelatedLocations)
	}
	replacements := r.Fixes[0].Changes[0].Replacements
	if len(r.Fixes) != 1 || len(replacements) != 2 || replacements[0].Inserted.Text != "\n<x>" || replacements[1].Inserted != nil ||
		!reflect.DeepEqual(replacements[0].Deleted, sarifRegion{3, 25, 3, 25, nil}) ||
		!reflect.DeepEqual(replacements[1].Deleted, sarifRegion{3, 25, 3, 30, nil}) {
		t.Errorf("fixes %+v", r.Fixes)
	}
	for i, want := range []string{"error", "warning", "note"} {
		if results[i].Level != want {
			t.Errorf("result %d has level %s, want %s", i, results[i].Level, want)
		}
	}
}

// TestSARIFFlows walks in the order of control.
func TestSARIFFlows(t *testing.T) {
	var got [][]string
	for _, r := range everything(t).run().Results {
		for _, flow := range r.CodeFlows {
			var steps []string
			for _, step := range flow.ThreadFlows[0].Locations {
				steps = append(steps, step.Location.Message.Text)
			}
			got = append(got, steps)
		}
	}
	want := [][]string{
		{"taken here", "lost here"},
		{"taken here", "or here"},
		{"lost here", "another connection is wanted here"},
		{"lost here", "waits here", afterwards},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFlows finds what the rules of the table say.
func TestFlows(t *testing.T) {
	rules, err := analyzer.New(analyzer.Options{})
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, rule := range rules {
		known[rule.Name] = true
	}
	for name := range flows {
		if !known[name] {
			t.Errorf("no rule %s", name)
		}
	}
	source, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "analyzer", "slowhold", "slowhold.go"))
	if err != nil || !strings.Contains(string(source), `"`+afterwards+`"`) {
		t.Errorf("slowhold does not say %q (%v)", afterwards, err)
	}
}

// TestSARIFSuppressions says of all results whether they are silenced, if one is.
func TestSARIFSuppressions(t *testing.T) {
	p := everything(t)
	var got [][]sarifSuppression
	for _, r := range p.run().Results {
		got = append(got, r.Suppressions)
	}
	if want := [][]sarifSuppression{{}, {{"inSource", "it does not"}}, {{"external", ""}}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	p.report.Findings = p.report.Findings[:1]
	if text := p.write("sarif"); strings.Contains(text, "suppressions") {
		t.Errorf("nothing is silenced: %s", text)
	}
}

// TestSARIFRules describes the rules that ran, and those of the findings.
func TestSARIFRules(t *testing.T) {
	p := everything(t)
	run := p.run()
	rules := run.Tool.Driver.Rules
	for i, want := range []string{"lostrelease", "holdwait", "slowhold"} {
		if rules[i].ID != want || run.Results[i].RuleIndex != i || run.Results[i].RuleID != want {
			t.Errorf("rule %d is %s, result %s with index %d", i, rules[i].ID, run.Results[i].RuleID, run.Results[i].RuleIndex)
		}
	}
	first := rules[0]
	if first.ShortDescription.Text != "Reports lost ones." || first.FullDescription.Text != "Rows." || first.HelpURI != lostrelease.URL {
		t.Errorf("got %+v", first)
	}
	if want := "lostrelease reports lost ones.\n\n## What it reports\n\nRows.\n"; first.Help.Markdown != want {
		t.Errorf("help is %q, want %q", first.Help.Markdown, want)
	}
	if rules[1].FullDescription.Text != "Reports waits." {
		t.Errorf("got %+v", rules[1])
	}
}

// TestSARIFRun says what was run, and where.
func TestSARIFRun(t *testing.T) {
	p := everything(t)
	run := p.run()
	if d := run.Tool.Driver; d.Version != "v1.2.3" || d.SemanticVersion != "1.2.3" || !run.Invocations[0].ExecutionSuccessful {
		t.Errorf("driver %+v, invocations %+v", d, run.Invocations)
	}
	if uri := run.OriginalURIBaseIDs[srcRoot].URI; !strings.HasPrefix(uri, "file:///") || !strings.HasSuffix(uri, "/") {
		t.Errorf("root %s", uri)
	}

	p.report.Root, p.report.Dir = p.report.Dir, filepath.Join(p.report.Dir, "sub")
	if at := p.run().Results[1].Locations[0].Physical.Artifact; at != (sarifArtifact{"sub/b.go", srcRoot}) {
		t.Errorf("below the root: %+v", at)
	}
	p.report.Root, p.report.Version, p.report.Incomplete = filepath.Join(p.report.Root, "other"), "(devel)", true
	run = p.run()
	if at := run.Results[1].Locations[0].Physical.Artifact; !strings.HasPrefix(at.URI, "file:///") || at.URIBaseID != "" {
		t.Errorf("outside of the root: %+v", at)
	}
	if d := run.Tool.Driver; d.Version != "(devel)" || d.SemanticVersion != "" || run.Invocations[0].ExecutionSuccessful {
		t.Errorf("driver %+v, invocations %+v", d, run.Invocations)
	}
}
