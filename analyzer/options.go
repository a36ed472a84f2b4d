package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
)

// Options is the one settings struct of poolvet. The command's flags, .poolvet.yml and golangci-lint's settings all fill it,
// under the keys of its JSON tags. The zero value means the defaults.
type Options struct {
	// Rules turns rules on and off, by name.
	Rules map[string]Rule `json:"rules,omitempty"`
	// Allow lists the import path patterns that may construct pools; "main" stands for main packages.
	Allow []string `json:"allow,omitempty"`
	// MaxConns is the largest pool that is not reported; nil means that the user has not said: above 97 is reported then, and
	// above 15 in strict mode.
	MaxConns *int `json:"max-conns,omitempty"`
	// MaxParallel is the largest number of parallel queries of one function that is not reported; nil means the default.
	MaxParallel *int `json:"max-parallel,omitempty"`
	// Strict adds the diagnostics that rest on assumptions about unknown callees, panics and interfaces.
	Strict bool `json:"strict,omitempty"`
	// Tests adds test files.
	Tests bool `json:"tests,omitempty"`
	// Catalog describes the user's own constructors, wrappers and slow calls.
	Catalog []catalog.UserRow `json:"catalog,omitempty"`

	// KeepNolint leaves comments such as //nolint:poolvet to the caller, as golangci-lint needs. It is no setting of users.
	KeepNolint bool `json:"-"`
}

// DefaultMaxParallel is MaxParallel if the user has not set it.
const DefaultMaxParallel = fanout.DefaultMaxParallel

// Rule is the setting of one rule: on, off, or on with options of its own.
type Rule struct {
	On   bool
	Rows bool // slowhold: slow calls under open rows count as well
}

// rules is every name that Options.Rules accepts, with the options of its own that the rule has.
var rules = map[string][]string{
	"straypool":   nil,
	"lostrelease": nil,
	"fanout":      nil,
	"holdwait":    nil,
	"poollimit":   nil,
	"slowhold":    {"rows"},
	"nodeadline":  nil,
	"badignore":   nil,
}

// UnmarshalJSON reads true, false, or an object of the rule's own options, which turns the rule on.
func (r *Rule) UnmarshalJSON(data []byte) error {
	*r = Rule{}
	if json.Unmarshal(data, &r.On) == nil && string(data) != "null" {
		return nil
	}
	var own struct {
		Rows bool `json:"rows"`
	}
	if string(data) == "null" || data[0] != '{' {
		return &SettingError{Text: "must be true, false, or the options of the rule"}
	}
	if err := decode(data, reflect.ValueOf(&own).Elem(), nil); err != nil {
		return err
	}
	*r = Rule{On: true, Rows: own.Rows}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (r Rule) MarshalJSON() ([]byte, error) {
	if !r.Rows {
		return json.Marshal(r.On)
	}
	return json.Marshal(map[string]bool{"rows": true})
}

// UnmarshalJSON reads the settings strictly: a key or a type that Options does not have is a [SettingError].
func (o *Options) UnmarshalJSON(data []byte) error {
	type plain Options // without this method
	return decode(data, reflect.ValueOf((*plain)(o)).Elem(), nil)
}

// Validate returns a [SettingError] for the first setting, in the order of their keys, that has no meaning.
func (o Options) Validate() error {
	for i, pattern := range o.Allow {
		if err := validatePattern(pattern); err != "" {
			return &SettingError{Key: []string{"allow", fmt.Sprint(i)}, Text: err}
		}
	}
	if err := atLeastOne("max-conns", o.MaxConns); err != nil {
		return err
	}
	if err := atLeastOne("max-parallel", o.MaxParallel); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(o.Rules)) {
		own, known := rules[name]
		if !known {
			return &SettingError{Key: []string{"rules", name}, Text: diag.Unknown("rule", name, slices.Sorted(maps.Keys(rules)))}
		}
		if o.Rules[name].Rows && !slices.Contains(own, "rows") {
			return &SettingError{Key: []string{"rules", name, "rows"}, Text: `is an option of slowhold only`}
		}
	}
	_, err := o.catalog()
	return err
}

// catalog returns the catalog with the user's rows. The error is a [SettingError].
func (o Options) catalog() (*catalog.Catalog, error) {
	rows := make([]catalog.Row, len(o.Catalog))
	for i, user := range o.Catalog {
		row, err := user.Row()
		if err != nil {
			return nil, &SettingError{Key: []string{"catalog", fmt.Sprint(i)}, Text: err.Error()}
		}
		rows[i] = row
	}
	all, err := catalog.Default().With(rows)
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n") // the others can wait
		return nil, &SettingError{Key: []string{"catalog"}, Text: first}
	}
	return all, nil
}

// validatePattern returns what is wrong with a package pattern, or "".
func validatePattern(pattern string) string {
	switch {
	case pattern == "" || strings.ContainsAny(pattern, " \t,"):
		return fmt.Sprintf("%q is not an import path", pattern)
	case strings.HasPrefix(pattern, ".") || strings.HasPrefix(pattern, "/"):
		return fmt.Sprintf("%q is a directory; write the import path", pattern)
	}
	return ""
}

func atLeastOne(key string, n *int) error {
	if n == nil || *n >= 1 {
		return nil
	}
	return &SettingError{Key: []string{key}, Text: fmt.Sprintf("must be at least 1, is %d", *n)}
}

// fanout returns the limits of the rule fanout. What the user has not set is zero.
func (o Options) fanout() fanout.Limits {
	var l fanout.Limits
	if o.MaxConns != nil {
		l.MaxConns = *o.MaxConns
	}
	if o.MaxParallel != nil {
		l.MaxParallel = *o.MaxParallel
	}
	return l
}

// optIn is the rules that are off unless the user turns them on.
var optIn = map[string]bool{"nodeadline": true}

// off reports whether the rule is off: the user has turned it off, or has not turned it on where that is needed.
func (o Options) off(name string) bool {
	rule, named := o.Rules[name]
	if optIn[name] {
		return !rule.On
	}
	return named && !rule.On
}

// Hash identifies the settings. Two settings of one hash report the same.
func (o Options) Hash() string {
	data, err := json.Marshal(o)
	if err != nil {
		panic(err) // no field of Options can fail
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}
