package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/poolvet/poolvet/analyzer"
)

// decode reads a file's content. The path is only for the error, which is one line and starts with path and line number.
func decode(path string, data []byte) (analyzer.Options, error) {
	var o analyzer.Options
	doc, asJSON, err := toJSON(data)
	if err != nil {
		return o, fmt.Errorf("%s%w", path, err)
	}
	err = o.UnmarshalJSON(asJSON)
	if err == nil {
		err = o.Validate()
	}
	if bad, ok := errors.AsType[*analyzer.SettingError](err); ok {
		return o, fmt.Errorf("%s:%d: %w", path, line(doc, bad.Key), bad)
	}
	return o, err
}

// toJSON returns the one document of a YAML file as nodes, for their lines, and as JSON. The error begins with ":line".
func toJSON(data []byte) (*yaml.Node, []byte, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	doc := new(yaml.Node)
	err := decoder.Decode(doc)
	if errors.Is(err, io.EOF) {
		return doc, []byte("null"), nil // empty, or all of it commented out
	}
	if err != nil {
		return nil, nil, syntaxError(err)
	}
	if next := new(yaml.Node); decoder.Decode(next) == nil {
		return nil, nil, fmt.Errorf(":%d: a second document; write all settings in one", next.Line)
	}
	var content any
	if err := doc.Decode(&content); err != nil {
		return nil, nil, syntaxError(err) // a key twice
	}
	asJSON, err := json.Marshal(content)
	if err != nil {
		return nil, nil, fmt.Errorf(":%d: a key is not a string", doc.Line)
	}
	return doc, asJSON, nil
}

var yamlError = regexp.MustCompile(`line (\d+): (.*)`)

// syntaxError puts the line first, where the YAML package puts it in the middle.
func syntaxError(err error) error {
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf(":%s: %s", m[1], m[2])
	}
	return fmt.Errorf(": %w", err)
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
