package analyzer_test

import (
	"encoding/json"
	"fmt"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/poolvet/poolvet/analyzer"
)

// A program of three lines that runs the rules with default options, by hand or as go vet -vettool. Each rule has a flag.
func Example() {
	multichecker.Main(analyzer.All()...)
}

// Settings are those of .poolvet.yml, under the same keys.
func ExampleNew() {
	var options analyzer.Options
	settings := `{"max-conns": 20, "allow": ["example.com/app/internal/db"], "rules": {"fanout": false, "nodeadline": true}}`
	if err := json.Unmarshal([]byte(settings), &options); err != nil {
		fmt.Println(err)
		return
	}
	rules, err := analyzer.New(options)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range rules {
		fmt.Println(rule.Name)
	}
	// Output:
	// straypool
	// lostrelease
	// holdwait
	// poollimit
	// slowhold
	// nodeadline
	// badignore
}

// What is wrong with settings is one line that names the key.
func ExampleNew_error() {
	options := analyzer.Options{Rules: map[string]analyzer.Rule{"lostrelase": {On: true}}}
	_, err := analyzer.New(options)
	fmt.Println(err)
	// Output:
	// unknown rule "lostrelase" (did you mean "lostrelease"?)
}

// All has each rule as a package of its own exports it, so a program that lists analyzers, such as nogo of Bazel, may take either.
func ExampleAll() {
	for _, rule := range analyzer.All() {
		fmt.Println(rule.Name, rule.URL)
	}
	// Output:
	// straypool https://github.com/poolvet/poolvet/blob/main/docs/straypool.md
	// lostrelease https://github.com/poolvet/poolvet/blob/main/docs/lostrelease.md
	// fanout https://github.com/poolvet/poolvet/blob/main/docs/fanout.md
	// holdwait https://github.com/poolvet/poolvet/blob/main/docs/holdwait.md
	// poollimit https://github.com/poolvet/poolvet/blob/main/docs/poollimit.md
	// slowhold https://github.com/poolvet/poolvet/blob/main/docs/slowhold.md
	// nodeadline https://github.com/poolvet/poolvet/blob/main/docs/nodeadline.md
	// badignore https://github.com/poolvet/poolvet/blob/main/docs/badignore.md
}
