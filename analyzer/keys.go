package analyzer

import (
	"fmt"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// Setting is a key of the configuration as users are told of it.
type Setting = catalog.Key

// Settings returns the keys of [Options], in the order of its fields.
func Settings() []Setting {
	return []Setting{
		{Name: "rules", Default: "all but `nodeadline`", Text: "turns rules on and off, or on with options of their own: " +
			"`{nodeadline: true, slowhold: {rows: true}}`",
			Example: `{"lostrelease": false, "nodeadline": true, "slowhold": {"rows": true}}`},
		{Name: "allow", Default: "all packages", Text: "for `straypool`: the packages that may build pools, as import paths; `...` in a path stands " +
			"for anything, `main` for all main packages", Example: `["example.com/app/internal/db", "main"]`},
		{Name: "max-conns", Default: "not set", Text: "for `poollimit`: the largest limit that is right; a higher one is an error. While it is not set, " +
			"a limit above 97 is a warning and 16 to 97 is advice. For `fanout`: the largest bound on goroutines while the pool's limit is not " +
			"known; 15 if it is not set", Example: `20`},
		{Name: "max-parallel", Default: fmt.Sprint(DefaultMaxParallel), Text: "for `fanout`: how many queries one function may start in parallel, " +
			"one statement after the other", Example: `8`},
		{Name: "strict", Default: "false", Text: "reports also what rests on assumptions about unknown functions, panics and interfaces",
			Example: `true`},
		{Name: "tests", Default: "false", Text: "analyzes test files too", Example: `true`},
		{Name: "catalog", Default: "none", Text: "your own wrappers, constructors, functions that start goroutines and slow functions, where " +
			"poolvet cannot see into them", Example: `[{"func": "(*example.com/lib/mail.Client).Send", "kind": "slow", "note": "mail"}]`},
	}
}

// RowSettings returns the keys of a row of [Options].Catalog.
func RowSettings() []Setting { return catalog.RowKeys() }

// ruleOptions is the options of their own that rules have.
var ruleOptions = map[string][]Setting{
	"slowhold": {{Name: "rows", Default: "false", Text: "slow calls while rows are open count too", Example: `true`}},
}

// RuleSetting is a rule as the key rules has it.
type RuleSetting struct {
	Setting
	Options []Setting
}

// RuleSettings returns the rules, in the order in which they run, with what they report.
func RuleSettings() []RuleSetting {
	all := Options{Rules: make(map[string]Rule)}
	for name := range rules {
		all.Rules[name] = Rule{On: true}
	}
	list, err := New(all)
	if err != nil {
		panic(err) // all of them are known
	}
	settings := make([]RuleSetting, len(list))
	for i, rule := range list {
		title, _, _ := strings.Cut(strings.TrimPrefix(rule.Doc, rule.Name+" "), "\n")
		settings[i] = RuleSetting{
			Setting: Setting{Name: rule.Name, Text: strings.TrimSuffix(title, "."), Default: fmt.Sprint(!optIn[rule.Name])},
			Options: ruleOptions[rule.Name],
		}
	}
	return settings
}
