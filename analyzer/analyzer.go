// Package analyzer is the set of poolvet's rules, as analyzers for any program that runs such.
package analyzer

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/badignore"
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

// New returns the rules that the options turn on, in a fixed order. The error is a [SettingError].
func New(o Options) ([]*analysis.Analyzer, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	all, err := o.catalog()
	if err != nil {
		return nil, err
	}
	cfg := summary.Config{Catalog: all, Strict: o.Strict, Tests: o.Tests, KeepNolint: o.KeepNolint}
	sum := summary.New(cfg)
	var on []*analysis.Analyzer
	var off []string
	for _, rule := range []*analysis.Analyzer{
		straypool.New(sum, cfg, o.Allow),
		lostrelease.New(sum, cfg),
		fanout.New(sum, cfg, o.fanout()),
		holdwait.New(sum, cfg),
		poollimit.New(sum, cfg, o.MaxConns),
		slowhold.New(sum, cfg, slowhold.Options{Rows: o.Rules["slowhold"].Rows, Alone: o.off("holdwait")}),
		nodeadline.New(sum, cfg),
	} {
		if o.off(rule.Name) {
			off = append(off, rule.Name)
		} else {
			on = append(on, rule)
		}
	}
	if len(on) > 0 && !o.off("badignore") {
		on = append(on, badignore.New(sum, cfg, on, off))
	}
	return on, nil
}

// All returns all rules with default options, those that are off by default included, in a fixed order.
func All() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		straypool.Analyzer, lostrelease.Analyzer, fanout.Analyzer, holdwait.Analyzer, poollimit.Analyzer, slowhold.Analyzer,
		nodeadline.Analyzer, badignore.Analyzer,
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

// Silenced is a diagnostic that a comment of the user's has silenced.
type Silenced struct {
	Diagnostic analysis.Diagnostic
	Reason     string // in the user's words; "" for a //nolint comment without one
}

// SilencedIn returns what comments have silenced, from the result of a rule of [New]. There is nothing if the rule failed.
func SilencedIn(result any) []Silenced {
	outcome, ok := result.(*diag.Outcome)
	if !ok {
		return nil // the rule failed
	}
	silenced := make([]Silenced, len(outcome.Silenced))
	for i, s := range outcome.Silenced {
		silenced[i] = Silenced{s.Diagnostic, s.Comment.Reason}
	}
	return silenced
}

// Coverage is how much of a package the rules understood.
type Coverage struct {
	Acquires   int // calls that take a connection
	Constructs int // constructors that are named, of pools and of connections outside them
	ForTests   int // those of them that are named in a file made for tests, which no rule reports unless tests are asked for
	GivenUp    int // acquiring calls in functions too large to be followed

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
