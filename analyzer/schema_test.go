package analyzer

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

var update = flag.Bool("update", false, "write docs/poolvet.schema.json instead of comparing with it")

// TestSchema holds the schema to the settings: their types, and what users are told of them.
func TestSchema(t *testing.T) {
	const file = "../docs/poolvet.schema.json"
	var want bytes.Buffer
	encoder := json.NewEncoder(&want)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, _ := os.ReadFile(file); !bytes.Equal(got, want.Bytes()) {
		t.Error("docs/poolvet.schema.json is not what the settings are; write it with go test ./analyzer -run TestSchema -update")
	}
}

// TestSettingsHaveKeys finds fields of the options that users are not told of.
func TestSettingsHaveKeys(t *testing.T) {
	fields, keys := reflect.TypeFor[Options](), Settings()
	if last := fields.Field(fields.NumField() - 1); fields.NumField() != len(keys)+1 || last.Tag.Get("json") != "-" {
		t.Fatalf("%d fields, the last of them for programs only, %d keys", fields.NumField(), len(keys))
	}
	for i, key := range keys {
		if name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ","); name != key.Name {
			t.Errorf("field %d is %s, the key %s", i, name, key.Name)
		}
		var o Options
		if err := json.Unmarshal([]byte(`{"`+key.Name+`": `+key.Example+`}`), &o); err != nil || o.Validate() != nil {
			t.Errorf("the example of %s: %v, %v", key.Name, err, o.Validate())
		}
		if value := reflect.ValueOf(o).Field(i); value.IsZero() {
			t.Errorf("the example of %s says nothing", key.Name)
		}
	}
	if got, want := len(RuleSettings()), len(rules); got != want {
		t.Errorf("%d rules have settings, %d are known", got, want)
	}
}

// object is a JSON object with its members in order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		var value bytes.Buffer
		encoder := json.NewEncoder(&value)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(m.value); err != nil {
			return nil, err
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, err
		}
		b.Write(slices.Concat(name, []byte{':'}, value.Bytes()))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

const schemaURL = "https://raw.githubusercontent.com/poolvet/poolvet/main/docs/poolvet.schema.json"

// schema returns the schema of a whole configuration. Lists and maps may be null: all of them commented out.
func schema(t *testing.T) object {
	options := reflect.TypeFor[Options]()
	var properties object
	for i, key := range Settings() {
		property := describe(key)
		switch key.Name {
		case "rules":
			property = append(property, ruleSchema()...)
		case "allow":
			property = append(property, member{"type", []string{"array", "null"}},
				member{"items", object{{"type", "string"}, {"pattern", `^[^./ \t,][^ \t,]*$`}}})
		case "catalog":
			property = append(property, member{"type", []string{"array", "null"}}, member{"items", object{{"$ref", "#/definitions/row"}}})
		default:
			property = append(property, typeOf(t, options.Field(i).Type)...)
			if options.Field(i).Type.Kind() == reflect.Pointer {
				property = append(property, member{"minimum", 1})
			}
		}
		properties = append(properties, member{key.Name, property})
	}
	return object{
		{"$schema", "http://json-schema.org/draft-07/schema#"},
		{"$id", schemaURL},
		{"$comment", "Made from the settings in package analyzer; go test ./analyzer -run TestSchema -update writes it."},
		{"title", "poolvet"},
		{"description", "The settings of poolvet, in .poolvet.yml beside go.mod or as linters.settings.custom.poolvet.settings of golangci-lint."},
		{"type", []string{"object", "null"}},
		{"properties", properties},
		{"additionalProperties", false},
		{"definitions", object{{"row", rowSchema(t)}}},
	}
}

// describe returns what the schema tells a reader of a key.
func describe(key Setting) object {
	property := object{{"description", strings.ToUpper(key.Text[:1]) + key.Text[1:] + "."}}
	if json.Valid([]byte(key.Default)) {
		property = append(property, member{"default", json.RawMessage(key.Default)})
	}
	if key.Example != "" {
		property = append(property, member{"examples", []json.RawMessage{json.RawMessage(key.Example)}})
	}
	return property
}

func ruleSchema() object {
	var properties object
	for _, rule := range RuleSettings() {
		property := append(describe(rule.Setting), member{"type", []string{"boolean", "object"}})
		var own object
		for _, option := range rule.Options {
			own = append(own, member{option.Name, append(describe(option), member{"type", "boolean"})})
		}
		property = append(property, member{"properties", own}, member{"additionalProperties", false})
		properties = append(properties, member{rule.Name, property})
	}
	return object{{"type", []string{"object", "null"}}, {"properties", properties}, {"additionalProperties", false}}
}

// typeOf returns the type of a setting.
func typeOf(t *testing.T, of reflect.Type) object {
	switch of.Kind() {
	case reflect.Pointer:
		return typeOf(t, of.Elem())
	case reflect.Bool:
		return object{{"type", "boolean"}}
	case reflect.Int:
		return object{{"type", "integer"}}
	case reflect.String:
		return object{{"type", "string"}}
	}
	t.Fatalf("no type for %s", of)
	return nil
}

// rowSchema returns the schema of a row of the catalog.
func rowSchema(t *testing.T) object {
	row := reflect.TypeFor[catalog.UserRow]()
	var properties object
	for i, key := range RowSettings() {
		property := describe(key)
		switch {
		case len(key.Words) > 0:
			property = append(property, member{"enum", key.Words})
		case key.Name == "func":
			property = append(property, member{"type", "string"}, member{"pattern", `^(\(\*?[^\s()*]+\)|[^\s()*]+)\.[^\s().*]+$`})
		case key.Name == "freed":
			property = append(property, member{"type", []string{"array", "null"}},
				member{"items", object{{"type", "string"}, {"pattern", `^[^\s.=]+(=false|=err)?$`}}})
		default:
			property = append(property, typeOf(t, row.Field(i).Type)...)
			if row.Field(i).Type.Kind() == reflect.Int {
				property = append(property, member{"minimum", map[bool]int{true: -1}[key.Name == "result"]})
			}
		}
		properties = append(properties, member{key.Name, property})
	}
	var kinds []object
	for _, kind := range RowSettings()[1].Words {
		kinds = append(kinds, object{
			{"if", object{{"properties", object{{"kind", object{{"const", kind}}}}}, {"required", []string{"kind"}}}},
			{"then", kindSchema(row, kind)},
		})
	}
	return object{
		{"type", "object"},
		{"properties", properties},
		{"additionalProperties", false},
		{"required", []string{"func", "kind"}},
		{"allOf", kinds},
	}
}

// kindSchema says what a row of a kind needs, and that it leaves alone what it does not have.
func kindSchema(row reflect.Type, kind string) object {
	needs := map[string]object{
		"construct": {{"resource", object{{"const", "pool"}}}, {"type", object{{"minLength", 1}}}, {"freed", object{{"type", "array"}, {"minItems", 1}}}},
		"acquire":   {{"resource", object{}}, {"type", object{{"minLength", 1}}}, {"freed", object{{"type", "array"}}}},
		"release":   {{"resource", object{}}},
		"consume":   {{"resource", object{}}},
	}[kind]
	properties, required := needs, []string{}
	for _, need := range needs {
		required = append(required, need.name)
	}
	for i, key := range RowSettings() {
		if key.Fits(kind) {
			continue
		}
		none := object{{"const", reflect.Zero(row.Field(i).Type).Interface()}}
		if key.Name == "freed" {
			none = object{{"maxItems", 0}}
		}
		properties = append(properties, member{key.Name, none})
	}
	return object{{"required", required}, {"properties", properties}}
}
