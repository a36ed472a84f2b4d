package config

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const root = "../../../.."

// compiled returns the schema. To compile it is to check it against that of draft 7.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(root, "docs", "poolvet.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate reports what the schema says of a YAML document.
func validate(t *testing.T, schema *jsonschema.Schema, content string) error {
	t.Helper()
	_, asJSON, err := toJSON([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

// documents is YAML documents, and whether they are settings.
var documents = map[string]bool{
	"":                          true,
	"# all commented out\n":     true,
	"rules:\nallow:\ncatalog:":  true,
	"rules: {}":                 true,
	"rules: {lostrelease: off}": false, // a string in YAML 1.2
	"rules: {lostrelease: false, nodeadline: true}": true,
	"rules: {slowhold: {rows: true}}":               true,
	"rules: {slowhold: {}, fanout: {}}":             true,
	"rules: {slowhold: {row: true}}":                false,
	"rules: {slowhold: {rows: 1}}":                  false,
	"rules: {slowhold: {rows: }}":                   false,
	"rules: {fanout: {rows: false}}":                false,
	"rules: {fan-out: true}":                        false,
	"rules: {fanout: }":                             false,
	"rules: {fanout: 1}":                            false,
	"rules: {fanout: [true]}":                       false,
	"rules: [fanout]":                               false,
	"rule: {fanout: true}":                          false,
	"- fanout":                                      false,
	"fanout":                                        false,

	"allow: [main, example.com/app/db, example.com/app/...]": true,
	"allow: []":           true,
	"allow: main":         false,
	"allow: [./db]":       false,
	"allow: [/src/db]":    false,
	"allow: ['']":         false,
	"allow: ['a b']":      false,
	"allow: [main, ]":     true,
	"allow: [main, null]": false,
	"allow: [1]":          false,
	"allow: {main: true}": false,

	"max-conns: 1":      true,
	"max-conns: 20.0":   true,
	"max-conns: 0":      false,
	"max-conns: -1":     false,
	"max-conns: 1.5":    false,
	"max-conns: '20'":   false,
	"max-conns: many":   false,
	"max-conns: true":   false,
	"max-conns:":        false,
	"max-conn: 20":      false,
	"max_conns: 20":     false,
	"max-parallel: 4":   true,
	"max-parallel: 0":   false,
	"strict: true":      true,
	"strict: yes":       false,
	"strict: 'true'":    false,
	"strict:":           false,
	"tests: false":      true,
	"tests: 1":          false,
	"Tests: true":       false,
	"strict: {on: yes}": false,

	"catalog: []":                                                   true,
	"catalog: {}":                                                   false,
	"catalog: [example.com/db.Open]":                                false,
	"catalog: [null]":                                               false,
	"catalog: [{}]":                                                 false,
	"catalog: [{func: x/y.F}]":                                      false,
	"catalog: [{kind: slow}]":                                       false,
	"catalog: [{func: x/y.F, kind: slow}]":                          true,
	"catalog: [{func: x/y.F, kind: slow, note: mail}]":              true,
	"catalog: [{func: 'x/y.F[T]', kind: slow}]":                     true,
	"catalog: [{func: '(x/y.T[K]).F', kind: slow}]":                 true,
	"catalog: [{func: F, kind: slow}]":                              false,
	"catalog: [{func: '(*x/y.T)', kind: slow}]":                     false,
	"catalog: [{func: '(**x/y.T).F', kind: slow}]":                  false,
	"catalog: [{func: 3, kind: slow}]":                              false,
	"catalog: [{func: x/y.F, kind: slw}]":                           false,
	"catalog: [{func: x/y.F, kind: slow, not: mail}]":               false,
	"catalog: [{func: x/y.F, kind: slow, note: 3}]":                 false,
	"catalog: [{func: x/y.F, kind: slow, each: true}]":              false,
	"catalog: [{func: x/y.F, kind: slow, each: false}]":             true,
	"catalog: [{func: x/y.F, kind: slow, resource: conn}]":          false,
	"catalog: [{func: x/y.F, kind: slow, freed: []}]":               true,
	"catalog: [{func: x/y.F, kind: start, arg: 1, bounded: true}]":  true,
	"catalog: [{func: x/y.F, kind: start, arg: first}]":             false,
	"catalog: [{func: x/y.F, kind: start, arg: -1}]":                false,
	"catalog: [{func: x/y.F, kind: start, holds: slot}]":            false,
	"catalog: [{func: '(*x/y.T).F', kind: start, bound: SetLimit}]": true,
	"catalog: [{func: x/y.F, kind: join, arg: 1}]":                  false,
	"catalog: [{func: x/y.F, kind: neutral, transient: true, holds: slot-if-pool, type: '*x/y.T'}]":                   true,
	"catalog: [{func: x/y.F, kind: neutral, result: 1}]":                                                              false,
	"catalog: [{func: x/y.F, kind: neutral, freed: [Close]}]":                                                         false,
	"catalog: [{func: x/y.F, kind: neutral, holds: two}]":                                                             false,
	"catalog: [{func: x/y.F, kind: consume, resource: rows, arg: 1}]":                                                 true,
	"catalog: [{func: x/y.F, kind: consume}]":                                                                         false,
	"catalog: [{func: x/y.F, kind: consume, resource: handle}]":                                                       false,
	"catalog: [{func: '(*x/y.T).F', kind: release, resource: rows, freed: [F=false]}]":                                true,
	"catalog: [{func: '(*x/y.T).F', kind: release, resource: rows, type: T}]":                                         false,
	"catalog: [{func: x/y.F, kind: construct, resource: pool, type: '*x/y.T', freed: [Close]}]":                       true,
	"catalog: [{func: x/y.F, kind: construct, resource: conn, type: '*x/y.T', freed: [Close]}]":                       false,
	"catalog: [{func: x/y.F, kind: construct, resource: pool, type: '*x/y.T', freed: []}]":                            false,
	"catalog: [{func: x/y.F, kind: construct, resource: pool, freed: [Close]}]":                                       false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close, Next=false, Err=err]}]":    true,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], holds: slot, ctx: true}]": true,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], ctx: 1}]":                 false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close=yes]}]":                     false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: Close}]":                           false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: }]":                                false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T'}]":                                         false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '', freed: [Close]}]":                               false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], result: -2}]":             false,
	"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], alias: true}]":            false,
}

// TestSchemaAgrees gives documents to the schema and to the decoder, which have to be of one mind.
func TestSchemaAgrees(t *testing.T) {
	schema := compiled(t)
	for content, want := range documents {
		_, err := decode("f", []byte(content))
		if (err == nil) != want {
			t.Errorf("%q: the decoder says %v", content, err)
		}
		if err := validate(t, schema, content); (err == nil) != want {
			t.Errorf("%q: the schema says %v", content, err)
		}
	}
}

// TestSchemaIsWider lists what a schema cannot say: the decoder refuses it alone.
func TestSchemaIsWider(t *testing.T) {
	schema := compiled(t)
	for _, content := range []string{
		"catalog: [{func: x/y.F, kind: slow}, {func: x/y.F, kind: slow}]",                                     // two rows for one function
		"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: []}]",                  // no other row frees it
		"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], result: -1}]", // no receiver
		"catalog: [{func: '(*x/y.T).F', kind: release, resource: rows, freed: [G]}]",                          // of another method
		"catalog: [{func: x/y.F, kind: start, bound: SetLimit}]",                                              // no receiver
		"catalog: [{func: '(*x/y.T).F', kind: start, bound: Set, bounded: true}]",                             // two bounds
		"catalog: [{func: x/y.F, kind: acquire, resource: rows, type: '*x/y.T', freed: [Close], out-arg: 1}]", // result is not -1
	} {
		_, err := decode("f", []byte(content))
		if err == nil {
			t.Errorf("%q: no error", content)
		}
		if err := validate(t, schema, content); err != nil {
			t.Errorf("%q: the schema says it too; move it to the table: %v", content, err)
		}
	}
}

// TestSchemaTellsAll finds a key of the schema without a description, and a map that takes any key.
func TestSchemaTellsAll(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root, "docs", "poolvet.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	n := 0
	var visit func(where string, s map[string]any)
	visit = func(where string, s map[string]any) {
		properties, isMap := s["properties"].(map[string]any)
		if isMap && s["additionalProperties"] != false {
			t.Errorf("%s takes any key", where)
		}
		for name, property := range properties {
			n++
			p := property.(map[string]any)
			if p["description"] == nil {
				t.Errorf("%s.%s has no description", where, name)
			}
			visit(where+"."+name, p)
		}
	}
	visit("", schema)
	visit("row", schema["definitions"].(map[string]any)["row"].(map[string]any))
	if n < 30 {
		t.Errorf("only %d keys", n)
	}
}

var (
	fences = regexp.MustCompile("(?ms)^( *)```ya?ml\n(.*?)^ *```$")
	spans  = regexp.MustCompile("`((?:rules|allow|max-conns|max-parallel|strict|tests|catalog): [^`]+)`")
)

// TestExamples gives every example of a configuration in the pages to the schema and to the decoder.
func TestExamples(t *testing.T) {
	schema := compiled(t)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, example := range examples(t, string(text)) {
			n++
			if _, err := decode(filepath.Base(page), []byte(example)); err != nil {
				t.Errorf("%s: %v in\n%s", page, err, example)
			} else if err := validate(t, schema, example); err != nil {
				t.Errorf("%s: %v in\n%s", page, err, example)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d examples", n)
	}
}

// examples returns the configurations in a page: those in golangci-lint's form as they would stand in .poolvet.yml.
func examples(t *testing.T, page string) []string {
	var found []string
	for _, m := range fences.FindAllStringSubmatch(page, -1) {
		content := regexp.MustCompile(`(?m)^`+m[1]).ReplaceAllString(m[2], "")
		if strings.HasPrefix(strings.TrimSpace(content), "- ") {
			continue // the steps of a workflow
		}
		var other struct {
			Version, Repos yaml.Node
			Hook           yaml.Node `yaml:"pre-commit"`
			Name, Jobs     yaml.Node // workflows
			Linters        struct {
				Settings struct {
					Custom struct {
						Poolvet struct{ Settings yaml.Node }
					}
				}
			}
		}
		if err := yaml.Unmarshal([]byte(content), &other); err != nil {
			t.Errorf("%v in\n%s", err, content)
			continue
		}
		settings := other.Linters.Settings.Custom.Poolvet.Settings
		switch {
		case !settings.IsZero():
			inner, err := yaml.Marshal(&settings)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, string(inner))
		case other.Version.IsZero() && other.Repos.IsZero() && other.Hook.IsZero() && other.Jobs.IsZero():
			found = append(found, content)
		}
	}
	for _, m := range spans.FindAllStringSubmatch(page, -1) {
		found = append(found, m[1])
	}
	return found
}
