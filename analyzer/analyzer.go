// Package analyzer is the set of poolvet's rules, as analyzers for any program that runs such.
package analyzer

import (
	"fmt"
	"go/token"
	"go/types"
	"runtime/debug"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/holdwait"
	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
	"github.com/poolvet/poolvet/analyzer/lostrelease"
	"github.com/poolvet/poolvet/analyzer/nodeadline"
	"github.com/poolvet/poolvet/analyzer/poollimit"
	"github.com/poolvet/poolvet/analyzer/slowhold"
	"github.com/poolvet/poolvet/analyzer/straypool"
)

// New returns the rules that the options turn on. The error is a [SettingError].
func New(o Options) ([]*analysis.Analyzer, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	all, err := o.catalog()
	if err != nil {
		return nil, err
	}
	cfg := summary.Config{Catalog: all, Strict: o.Strict, Tests: o.Tests}
	sum := summary.New(cfg)
	built := []*analysis.Analyzer{
		straypool.New(sum, cfg, o.Allow),
		lostrelease.New(sum, cfg),
		fanout.New(sum, cfg, o.fanout()),
		holdwait.New(sum, cfg),
		poollimit.New(sum, cfg, o.MaxConns),
		slowhold.New(sum, cfg, slowhold.Options{Rows: o.Rules["slowhold"].Rows, Alone: o.off("holdwait")}),
		nodeadline.New(sum, cfg),
	}
	guard(sum)
	for _, rule := range built {
		guard(rule)
	}
	return slices.DeleteFunc(built, func(rule *analysis.Analyzer) bool { return o.off(rule.Name) }), nil
}

// guard makes a panic in an analyzer the error of one package, so that it cannot end the run.
func guard(a *analysis.Analyzer) {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (result any, err error) {
		defer func() {
			if p := recover(); p != nil {
				result, err = nil, fmt.Errorf("internal error in %s: %v\n%s", a.Name, p, debug.Stack())
			}
		}()
		return run(pass)
	}
}

// Tier says how sure a diagnostic is.
type Tier = diag.Tier

// The tiers. Advice is not reported unless the options are strict.
const (
	Error   = diag.Error   // the path, the pool and the bound are proven
	Warning = diag.Warning // one assumption, which the message names
	Advice  = diag.Advice  // needs a decision of the user
)

// TierOf returns the tier of a diagnostic of these rules.
func TierOf(d analysis.Diagnostic) Tier { return Tier(d.Category) }

// Libraries returns the import paths of the libraries in the catalog. A package whose imports reach none of them, nor a
// wrapper of the user's, has nothing to report and exports no facts. Nor has a library itself: the catalog says all of it.
func Libraries() []string {
	var paths []string
	for _, library := range catalog.Default().Libraries() {
		paths = append(paths, library.Path)
	}
	return paths
}

// Wrappers returns the import paths of the packages that the user's rows describe. The options must be valid.
func (o Options) Wrappers() []string {
	all, err := o.catalog()
	if err != nil {
		return nil // New has said so
	}
	return slices.DeleteFunc(all.Paths(), all.IsLibrary)
}

// IsSlow reports whether a package has functions that wait for something outside the program, of which slowhold knows. The
// options must be valid.
func (o Options) IsSlow(path string) bool {
	all, err := o.catalog()
	return err == nil && all.IsSlow(path)
}

// CheckRows compares the user's rows with the packages they speak of. The lookup returns the package at an import path, or nil
// if the program does not have it: its rows are passed over then. The error names the row and what does not fit.
func (o Options) CheckRows(lookup func(path string) *types.Package) error {
	var rows []catalog.Row
	for _, u := range o.Catalog {
		row, err := u.Row()
		if err != nil {
			return err
		}
		if lookup(row.Path) != nil {
			rows = append(rows, row)
		}
	}
	if errs := catalog.Check(rows, lookup); len(errs) > 0 {
		return fmt.Errorf("catalog: %w", errs[0])
	}
	return nil
}

// Coverage is how much of a package the rules understood.
type Coverage struct {
	Acquires   int // calls that take a connection
	Constructs int // constructors that are named, of pools and of connections outside them
	GivenUp    int // those of them that stand in functions too large to be followed

	Known    int      // uses of cataloged functions
	PoolVars []string // the package's own variables that hold a pool
}

// Summary returns the analyzer that all rules of New share, whose result [CoverageOf] reads, or nil if there are no rules.
func Summary(rules []*analysis.Analyzer) *analysis.Analyzer {
	if len(rules) == 0 {
		return nil
	}
	return rules[0].Requires[0]
}

// CoverageOf returns the coverage in a result of the Summary analyzer. It is zero if the analyzer failed.
func CoverageOf(result any) Coverage {
	sum, ok := result.(*summary.Result)
	if !ok {
		return Coverage{} // the analyzer failed
	}
	return Coverage(sum.Coverage)
}

// Need is how many connections one goroutine holds at once in a call of an entry point: an exported function, or a handler. With
// n goroutines in it at a time, a pool of n × (Conns − 1) + 1 connections cannot deadlock.
type Need struct {
	Func  string
	Pos   token.Pos
	Conns int // MaxConns: more than any number, one more on each level of a recursion
}

// MaxConns is the Conns of a Need that has no bound.
const MaxConns = hold.MaxConns

// NeedsOf returns, by position, the entry points that hold more than one connection at once, from a result of the [Summary]
// analyzer. There are none if the analyzer failed.
func NeedsOf(result any) []Need {
	sum, ok := result.(*summary.Result)
	if !ok {
		return nil // the analyzer failed
	}
	needs := make([]Need, len(sum.Needs))
	for i, n := range sum.Needs {
		needs[i] = Need(n)
	}
	return needs
}
