// Package finding is what the rules report, in the form that the rest of the command works with.
package finding

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// A Finding is one diagnostic, and what is known of its place.
type Finding struct {
	Rule       *analysis.Analyzer
	Package    *packages.Package
	Pos, End   token.Position
	Diagnostic analysis.Diagnostic

	// Function is the declaration around it, as "example.com/app/store.(*Store).First": a function, or the variable that it
	// initializes; the import path alone if it is in neither.
	Function string
	// Fingerprint is the same for the same mistake wherever it stands in its function, and whatever the lines are.
	Fingerprint string
	// Silenced says who does not want to see it; nil if it is reported.
	Silenced *Silenced
}

// Silenced is why a finding is not reported.
type Silenced struct {
	InSource bool   // by a comment; else by the baseline
	Reason   string // as the user gave it; "" for an entry of the baseline without one
}

// Collect returns the diagnostics of the actions in the order of their positions, each once: a file belongs to a package and
// to its variants with tests.
func Collect(actions []*checker.Action) []Finding {
	type key struct {
		pos, end      token.Position
		rule, message string
	}
	seen := make(map[key]bool)
	var all []Finding
	for _, act := range actions {
		for _, d := range act.Diagnostics {
			f := Finding{
				Rule: act.Analyzer, Package: act.Package, Diagnostic: d,
				Pos: act.Package.Fset.Position(d.Pos), End: act.Package.Fset.Position(d.End),
			}
			k := key{f.Pos, f.End, f.Rule.Name, d.Message}
			if !seen[k] {
				seen[k] = true
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			strings.Compare(a.Rule.Name, b.Rule.Name),
			strings.Compare(a.Diagnostic.Message, b.Diagnostic.Message),
		)
	})
	return all
}
