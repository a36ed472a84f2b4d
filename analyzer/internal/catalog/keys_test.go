package catalog

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// TestRowKeys finds fields of a row that users are not told of, and keys that no row has.
func TestRowKeys(t *testing.T) {
	row := reflect.TypeFor[UserRow]()
	keys := RowKeys()
	if row.NumField() != len(keys) {
		t.Fatalf("%d fields, %d keys", row.NumField(), len(keys))
	}
	for i, k := range keys {
		if name := row.Field(i).Tag.Get("json"); name != k.Name {
			t.Errorf("field %d is %s, the key %s", i, name, k.Name)
		}
		if value := reflect.New(row.Field(i).Type); json.Unmarshal([]byte(k.Example), value.Interface()) != nil || k.Text == "" {
			t.Errorf("%s: the text is %q, the example %s", k.Name, k.Text, k.Example)
		}
	}
}

// TestRowKeyKinds gives each key to a row of each kind. It is refused exactly if the key is not for that kind.
func TestRowKeyKinds(t *testing.T) {
	least := map[string]string{
		"construct": `"resource": "pool", "type": "*p/q.T", "freed": ["Close"], "result": -1`,
		"acquire":   `"resource": "rows", "type": "*p/q.T", "freed": ["Close"], "result": -1`,
		"release":   `"resource": "rows"`, "consume": `"resource": "rows"`,
		"neutral": `"transient": true`, "start": `"arg": 1`, "join": `"note": ""`, "slow": `"note": ""`,
	}
	examples := map[string]string{"freed": `["F"]`, "result": `-1`, "resource": `"pool"`}
	for _, kind := range kindWords {
		for _, k := range RowKeys() {
			example := k.Example
			if e := examples[k.Name]; e != "" {
				example = e
			}
			if k.Name == "func" || k.Name == "kind" {
				continue // all rows have them
			}
			in := fmt.Sprintf(`{"func": "(*p/q.T).F", "kind": %q, %s, %q: %s}`, kind, least[kind], k.Name, example)
			_, err := userRow(t, in)
			if (err == nil) != k.Fits(kind) {
				t.Errorf("%s: for %s, but the error is %v", in, k.For(), err)
			}
		}
	}
}

// TestFor says it in few words.
func TestFor(t *testing.T) {
	for _, test := range []struct {
		kinds []Kind
		want  string
	}{
		{nil, "all"},
		{holding, "all but start, join and slow"},
		{making, "construct, acquire"},
	} {
		if got := (Key{Kinds: test.kinds}).For(); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
	for _, k := range RowKeys() {
		if strings.HasSuffix(k.Text, ".") {
			t.Errorf("%s: the text ends a sentence", k.Name)
		}
	}
}
