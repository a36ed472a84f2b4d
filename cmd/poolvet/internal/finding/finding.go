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

	"github.com/poolvet/poolvet/analyzer"
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
	// Fingerprint is one for each finding of a rule in a function. It stays the same when lines move, when texts in the code and
	// messages change, and when something else is added to the function.
	Fingerprint string
	// Silenced says who does not want to see it; nil if it is reported.
	Silenced *Silenced
}

// Silenced is why a finding is not reported.
type Silenced struct {
	InSource bool   // by a comment; else by the baseline
	Reason   string // as the user gave it; "" for an entry of the baseline without one
}

// Collect returns the diagnostics of the actions and those that comments have silenced, in the order of their positions, each
// once: a file belongs to a package and to its variants with tests.
func Collect(actions []*checker.Action) []Finding {
	var all []Finding
	for _, act := range actions {
		for _, d := range act.Diagnostics {
			all = append(all, newFinding(act, d))
		}
		for _, s := range analyzer.SilencedIn(act.Result) {
			f := newFinding(act, s.Diagnostic)
			f.Silenced = &Silenced{InSource: true, Reason: s.Reason}
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, compare)
	all = slices.CompactFunc(all, func(a, b Finding) bool { return compare(a, b) == 0 })
	number(all)
	return all
}

// Reported returns the findings that nobody has silenced.
func Reported(findings []Finding) []Finding {
	var all []Finding
	for _, f := range findings {
		if f.Silenced == nil {
			all = append(all, f)
		}
	}
	return all
}

func newFinding(act *checker.Action, d analysis.Diagnostic) Finding {
	f := Finding{
		Rule: act.Analyzer, Package: act.Package, Diagnostic: d,
		Pos: act.Package.Fset.Position(d.Pos), End: act.Package.Fset.Position(d.End),
	}
	path := enclosing(act.Package.Syntax, d.Pos, d.End)
	f.Function = declaration(act.Package.PkgPath, path)
	f.Fingerprint = fingerprint(f.Rule.Name, f.Function, path)
	return f
}

func compare(a, b Finding) int {
	return cmp.Or(
		strings.Compare(a.Pos.Filename, b.Pos.Filename),
		cmp.Compare(a.Pos.Line, b.Pos.Line),
		cmp.Compare(a.Pos.Column, b.Pos.Column),
		cmp.Compare(a.End.Offset, b.End.Offset),
		strings.Compare(a.Rule.Name, b.Rule.Name),
		strings.Compare(a.Diagnostic.Message, b.Diagnostic.Message),
	)
}
