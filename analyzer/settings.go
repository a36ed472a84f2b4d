package analyzer

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// A SettingError is a setting that poolvet refuses.
type SettingError struct {
	Key  []string // path to the setting: "rules", "slowhold", "rows"; an index for a list element
	Text string   // what is wrong with it and how to mend it
}

func (e *SettingError) Error() string {
	key := e.Key
	switch {
	case strings.HasPrefix(e.Text, "unknown rule "):
		key = nil // the text has it all
	case strings.HasPrefix(e.Text, "unknown key "):
		key = rowOf(key) // and the name is the rest
	}
	if len(key) == 0 {
		return e.Text
	}
	return strings.Join(key, ".") + ": " + e.Text
}

// rowOf returns the part of a key that says which row it is in, if any: "catalog", "1".
func rowOf(key []string) []string {
	if len(key) < 3 || key[0] != "catalog" {
		return nil // of no row
	}
	return key[:2]
}

// decode stores JSON in v as [json.Unmarshal] does, but refuses a key that a struct has no field for, and says where and what
// in a SettingError whose key starts with path. A null leaves a list or a map as it is: all of it may be commented out.
func decode(data []byte, v reflect.Value, path []string) error {
	if u, ok := v.Addr().Interface().(json.Unmarshaler); ok {
		return under(path, u.UnmarshalJSON(data))
	}
	if string(data) == "null" {
		if v.Kind() == reflect.Slice || v.Kind() == reflect.Map || v.Kind() == reflect.Struct {
			return nil
		}
		return wrongType(data, v, path)
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return decode(data, v.Elem(), path)
	case reflect.Struct:
		return decodeStruct(data, v, path)
	case reflect.Slice:
		return decodeSlice(data, v, path)
	case reflect.Map:
		return decodeMap(data, v, path)
	}
	if err := json.Unmarshal(data, v.Addr().Interface()); err != nil {
		return wrongType(data, v, path)
	}
	return nil
}

func decodeStruct(data []byte, v reflect.Value, path []string) error {
	var values map[string]json.RawMessage
	if json.Unmarshal(data, &values) != nil {
		return wrongType(data, v, path)
	}
	fields := make(map[string]int)
	for i := range v.NumField() {
		if name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); name != "-" {
			fields[name] = i
		}
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		i, ok := fields[key]
		if !ok {
			return &SettingError{Key: at(path, key), Text: near.Unknown("key", key, slices.Sorted(maps.Keys(fields)))}
		}
		if err := decode(values[key], v.Field(i), at(path, key)); err != nil {
			return err
		}
	}
	return nil
}

func decodeSlice(data []byte, v reflect.Value, path []string) error {
	var values []json.RawMessage
	if json.Unmarshal(data, &values) != nil {
		return wrongType(data, v, path)
	}
	v.Set(reflect.MakeSlice(v.Type(), len(values), len(values)))
	for i, value := range values {
		if err := decode(value, v.Index(i), at(path, strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

func decodeMap(data []byte, v reflect.Value, path []string) error {
	var values map[string]json.RawMessage
	if json.Unmarshal(data, &values) != nil {
		return wrongType(data, v, path)
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := reflect.New(v.Type().Elem()).Elem()
		if err := decode(values[key], value, at(path, key)); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), value)
	}
	return nil
}

// at is path with one more key. The result shares nothing with path.
func at(path []string, key string) []string { return append(slices.Clip(path), key) }

// under puts path before the key of a SettingError.
func under(path []string, err error) error {
	if e, ok := err.(*SettingError); ok {
		return &SettingError{Key: slices.Concat(path, e.Key), Text: e.Text}
	}
	return err
}

// wrongType says which type v wants and which value it was given.
func wrongType(data []byte, v reflect.Value, path []string) error {
	kind := v.Kind()
	if kind == reflect.Pointer {
		kind = v.Type().Elem().Kind()
	}
	want := map[reflect.Kind]string{
		reflect.Bool: "true or false", reflect.Int: "a whole number", reflect.String: "a string",
		reflect.Slice: "a list", reflect.Map: "a map", reflect.Struct: "a map",
	}[kind]
	if string(data) == "null" {
		data = []byte("empty")
	}
	return &SettingError{Key: path, Text: fmt.Sprintf("must be %s, is %.60s", want, data)}
}
