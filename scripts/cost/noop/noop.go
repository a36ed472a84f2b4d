// Command noop runs an analyzer that does nothing: what it costs is the price of loading a program.
package main

import (
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/singlechecker"
)

func main() {
	singlechecker.Main(&analysis.Analyzer{
		Name: "noop",
		Doc:  "noop does nothing",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
