package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/poolvet/poolvet/analyzer"
)

// File is what a configuration says, and where it says it.
type File struct {
	Options analyzer.Options
	Path    string // empty if there is no file

	shown string // path as a reader knows it
	doc   *yaml.Node
}

// decode reads a file's content. The path is only for the error, which is one line and starts with path and line number.
func decode(shown string, data []byte) (File, error) {
	file := File{shown: shown}
	doc, asJSON, err := toJSON(data)
	if err != nil {
		return file, fmt.Errorf("%s%w", shown, err)
	}
	file.doc = doc
	err = file.Options.UnmarshalJSON(asJSON)
	if err == nil {
		err = file.Options.Validate()
	}
	if bad, ok := errors.AsType[*analyzer.SettingError](err); ok {
		return file, fmt.Errorf("%s:%d: %w", shown, line(doc, bad.Key), bad)
	}
	return file, err
}

// Locate returns the error with the place of the setting in front if it is an [analyzer.SettingError] of the options in use:
// file and line, or the flag if that has changed what the file says.
func (f File) Locate(used analyzer.Options, err error) error {
	bad, ok := errors.AsType[*analyzer.SettingError](err)
	if !ok || len(bad.Key) == 0 {
		return err // of no setting
	}
	if f.doc != nil && reflect.DeepEqual(setting(f.Options, bad.Key[0]), setting(used, bad.Key[0])) {
		return fmt.Errorf("%s:%d: %w", f.shown, line(f.doc, bad.Key), err)
	}
	return fmt.Errorf("-%s: %w", bad.Key[0], &analyzer.SettingError{Key: bad.Key[1:], Text: bad.Text})
}

// setting returns the value of the setting with this key.
func setting(o analyzer.Options, key string) any {
	v := reflect.ValueOf(o)
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name == key {
			return v.Field(i).Interface()
		}
	}
	return nil // no setting has this key
}

// toJSON returns the one document of a YAML file as nodes, for their lines, and as JSON. The error begins with ":line".
func toJSON(data []byte) (*yaml.Node, []byte, error) {
	if n := invalid(data); n > 0 {
		return nil, nil, fmt.Errorf(":%d: not UTF-8; save the file in that encoding", n)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	doc := new(yaml.Node)
	err := decoder.Decode(doc)
	if errors.Is(err, io.EOF) {
		return doc, []byte("null"), nil // empty, or all of it commented out
	}
	if err != nil {
		return nil, nil, SyntaxError(err)
	}
	next := new(yaml.Node)
	switch err = decoder.Decode(next); err {
	case io.EOF:
	case nil:
		return nil, nil, fmt.Errorf(":%d: a second document; write all settings in one", next.Line)
	default:
		return nil, nil, SyntaxError(err)
	}
	if key := notString(doc); key != nil {
		return nil, nil, fmt.Errorf(":%d: a key is not a string", key.Line)
	}
	var content any
	if err := doc.Decode(&content); err != nil {
		return nil, nil, SyntaxError(err) // a key twice
	}
	asJSON, err := json.Marshal(content)
	if err != nil {
		return nil, nil, fmt.Errorf(":%d: a number is not finite", doc.Line) // there is nothing else that JSON cannot say
	}
	return doc, asJSON, nil
}

// invalid returns the first line that is not UTF-8, or 0.
func invalid(data []byte) int {
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if !utf8.Valid(line) {
			return n
		}
	}
	return 0
}

// notString returns a key of a map that is no string, or nil.
func notString(node *yaml.Node) *yaml.Node {
	for i, n := range node.Content {
		isKey := node.Kind == yaml.MappingNode && i%2 == 0
		if isKey && n.Kind != yaml.AliasNode && (n.Kind != yaml.ScalarNode || n.Tag != "!!str" && n.Tag != "!!merge") {
			return n
		}
		if key := notString(n); key != nil {
			return key
		}
	}
	return nil
}

var yamlError = regexp.MustCompile(`line (\d+): (.*)`)

// SyntaxError is an error of the YAML package, with the line first, which that puts in the middle: ":3: …". The name of the file
// belongs before it.
func SyntaxError(err error) error {
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf(":%s: %s", m[1], m[2])
	}
	return fmt.Errorf(": %s", strings.TrimPrefix(err.Error(), "yaml: "))
}

// line returns the line of the setting with this key, or of the nearest around it.
func line(node *yaml.Node, key []string) int {
	switch {
	case node.Kind == yaml.DocumentNode:
		return line(node.Content[0], key)
	case node.Kind == yaml.AliasNode:
		return line(node.Alias, key)
	case len(key) == 0:
		return node.Line
	case node.Kind == yaml.SequenceNode:
		if i, err := strconv.Atoi(key[0]); err == nil && i < len(node.Content) {
			return line(node.Content[i], key[1:])
		}
	case node.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			switch {
			case node.Content[i].Value != key[0]:
				continue
			case len(key) == 1:
				return node.Content[i].Line
			}
			return line(node.Content[i+1], key[1:])
		}
	}
	return node.Line
}
