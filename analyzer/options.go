package analyzer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/near"
)

// Options is the one settings struct of poolvet. The command's flags, .poolvet.yml and golangci-lint's settings all fill it,
// under the keys of its JSON tags, whose meaning [Settings] has. The zero value means the defaults; nil is a number that is not
// set.
type Options struct {
	Rules       map[string]Rule   `json:"rules,omitempty"`
	Allow       []string          `json:"allow,omitempty"`
	MaxConns    *int              `json:"max-conns,omitempty"`
	MaxParallel *int              `json:"max-parallel,omitempty"`
	Strict      bool              `json:"strict,omitempty"`
	Tests       bool              `json:"tests,omitempty"`
	Catalog     []catalog.UserRow `json:"catalog,omitempty"`

	// KeepNolint leaves comments such as //nolint:poolvet to the caller, as golangci-lint needs. It is no setting of users.
	KeepNolint bool `json:"-"`
}

// DefaultMaxParallel is MaxParallel if the user has not set it.
const DefaultMaxParallel = fanout.DefaultMaxParallel

// Rule is the setting of one rule: on, off, or on with options of its own.
type Rule struct {
	On   bool
	Rows bool // slowhold: slow calls under open rows count as well

	given []string // the options that are written, be it with their defaults
}

// rules is every name that Options.Rules accepts.
var rules = map[string]bool{
	"straypool": true, "lostrelease": true, "fanout": true, "holdwait": true, "poollimit": true, "slowhold": true, "nodeadline": true,
	"badignore": true,
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
	var given map[string]json.RawMessage
	if string(data) == "null" || json.Unmarshal(data, &given) != nil {
		return &SettingError{Text: "must be true, false, or the options of the rule"}
	}
	if err := decode(data, reflect.ValueOf(&own).Elem(), nil); err != nil {
		return err
	}
	*r = Rule{On: true, Rows: own.Rows, given: slices.Sorted(maps.Keys(given))}
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
		if !rules[name] {
			return &SettingError{Key: []string{"rules", name}, Text: near.Unknown("rule", name, slices.Sorted(maps.Keys(rules)))}
		}
		if err := o.Rules[name].validate(name); err != nil {
			return err
		}
	}
	_, err := o.catalog()
	return err
}

// validate returns a [SettingError] if a rule of this name does not have the options.
func (r Rule) validate(name string) error {
	given := r.given
	if r.Rows && len(given) == 0 {
		given = []string{"rows"} // set in Go
	}
	for _, option := range given {
		if !slices.ContainsFunc(ruleOptions[name], func(s Setting) bool { return s.Name == option }) {
			return &SettingError{Key: []string{"rules", name, option}, Text: `is an option of slowhold only`}
		}
	}
	return nil
}

// catalog returns the catalog with the user's rows. The error is a [SettingError].
func (o Options) catalog() (*catalog.Catalog, error) {
	rows := make([]catalog.Row, len(o.Catalog))
	for i, user := range o.Catalog {
		row, err := user.Row()
		if err != nil {
			return nil, rowError(i, err)
		}
		rows[i] = row
	}
	all, err := catalog.Default().With(rows)
	if err != nil {
		return nil, rowError(-1, err)
	}
	return all, nil
}

// rowError is the SettingError for the first [catalog.RowError] in err, which is of the row with this index, or, if that is
// negative, of the one that it names. The other errors can wait.
func rowError(i int, err error) error {
	e, ok := errors.AsType[*catalog.RowError](err)
	if !ok {
		return err // not of a row
	}
	if i < 0 {
		i = e.Index
	}
	key := []string{"catalog", fmt.Sprint(i)}
	if e.Key != "" {
		key = append(key, e.Key)
	}
	return &SettingError{Key: key, Text: e.Text}
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
