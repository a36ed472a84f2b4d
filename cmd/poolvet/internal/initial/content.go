package initial

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/poolvet/poolvet/analyzer"
)

// SchemaURL is where editors find the schema of the settings.
const SchemaURL = "https://raw.githubusercontent.com/poolvet/poolvet/main/docs/poolvet.schema.json"

// width is that of a comment.
const width = 100

// Content returns the file. It sets allow if pools are built anywhere, and shows every other key as a comment: behind "# " stands
// what is to be read, behind "#" alone what can be set.
func Content(found Found) string {
	var b strings.Builder
	b.WriteString("# yaml-language-server: $schema=" + SchemaURL + "\n\n")
	say(&b, "Settings of poolvet, https://github.com/poolvet/poolvet/blob/main/docs/configuration.md.")
	say(&b, `What stands behind "#" without a blank is not set; take the "#" away to set it.`)
	if len(found.Libraries) > 0 {
		say(&b, "Libraries that poolvet knows, in this module: "+strings.Join(found.Libraries, ", ")+".")
	} else {
		say(&b, "This module imports none of the libraries that poolvet knows.")
	}
	for _, key := range analyzer.Settings() {
		b.WriteString("\n")
		say(&b, strings.ToUpper(key.Text[:1])+key.Text[1:]+"."+byDefault(key))
		switch key.Name {
		case "rules":
			rules(&b)
		case "allow":
			allow(&b, key, found.Places)
		case "catalog":
			say(&b, "The form of a row: https://github.com/poolvet/poolvet/blob/main/docs/configuration.md#rows-of-your-own")
			b.WriteString("#catalog:\n")
			for _, row := range list(key.Example) {
				b.WriteString("#  - " + jsonKey.ReplaceAllString(string(row), "$1: ") + "\n")
			}
		default:
			b.WriteString("#" + key.Name + ": " + value(key) + "\n")
		}
	}
	return b.String()
}

// allow sets the packages that build, or shows the key if none does.
func allow(b *strings.Builder, key analyzer.Setting, places []Place) {
	if len(places) == 0 {
		say(b, "No package of this module builds a pool.")
		b.WriteString("#allow:\n")
		for _, pattern := range list(key.Example) {
			b.WriteString("#  - " + string(pattern) + "\n")
		}
		return
	}
	say(b, "These build pools now. Shorten the list to those that should; straypool reports the others then.")
	b.WriteString("allow:\n")
	for _, place := range places {
		noun := "constructors"
		if place.Constructors == 1 {
			noun = "constructor"
		}
		fmt.Fprintf(b, "  - %s # %d %s\n", place.Package, place.Constructors, noun)
	}
}

// rules shows each rule as it is by default.
func rules(b *strings.Builder) {
	b.WriteString("#rules:\n")
	for _, rule := range analyzer.RuleSettings() {
		fmt.Fprintf(b, "#  %s: %s # %s", rule.Name, rule.Default, rule.Text)
		for _, option := range rule.Options {
			fmt.Fprintf(b, "; {%s: %s}: %s", option.Name, option.Example, option.Text)
		}
		b.WriteString("\n")
	}
}

// byDefault says what holds if a key is not set, unless that is shown as its value.
func byDefault(key analyzer.Setting) string {
	if json.Valid([]byte(key.Default)) {
		return ""
	}
	return " Default: " + key.Default + "."
}

// jsonKey is a key of an object, which needs no quotes in YAML.
var jsonKey = regexp.MustCompile(`"([a-z-]+)": `)

// value returns what to show of a key: what holds by default, or else an example.
func value(key analyzer.Setting) string {
	if json.Valid([]byte(key.Default)) {
		return key.Default
	}
	return key.Example
}

// list returns the elements of an example.
func list(example string) []json.RawMessage {
	var elements []json.RawMessage
	if err := json.Unmarshal([]byte(example), &elements); err != nil {
		panic(err) // a test decodes every example
	}
	return elements
}

// say writes a text as comment lines.
func say(b *strings.Builder, text string) {
	line := "#"
	for word := range strings.FieldsSeq(text) {
		if len(line)+1+len(word) > width {
			b.WriteString(line + "\n")
			line = "#"
		}
		line += " " + word
	}
	b.WriteString(line + "\n")
}
