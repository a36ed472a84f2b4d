// Package summary finds out what each function does with connections: which it takes, which it leaves with its caller, which
// of those it is given it releases. It is the one analyzer with facts; the rules read its [Result].
package summary

import (
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/construct"
	"github.com/poolvet/poolvet/analyzer/internal/deadline"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/spawn"
)

// Config is what the summaries depend on.
type Config = program.Config

// Result is what the rules read. It is empty for a package that cannot reach a cataloged library.
type Result struct {
	Reaches       bool                      // the package reaches a cataloged library
	Sites         []*release.Site           // by position
	Constructions []*construct.Construction // calls that build, by position of their functions
	Mentions      []construct.Mention       // constructors that the package names, by position
	Limits        []limit.Limit             // what is to be known of the limits of pools, by position
	Spawns        []*spawn.Spawn            // goroutines that take connections, by position of their functions
	Waits         []*hold.Wait              // waits for a connection while one is held, by position
	SlowHolds     []*hold.SlowHold          // what is slow while a connection is held, by position
	Needs         []hold.Need               // entry points in which a goroutine holds more than one connection at once, by position
	OpenWaits     []*deadline.OpenWait      // calls that wait for a connection without a deadline, by position of their functions
	Retries       []*deadline.Retry         // calls that are retried for a connection at once, by position of their functions
	Coverage      Coverage
}

// Coverage says how much was understood.
type Coverage struct {
	Acquires   int // calls that leave a resource with their caller
	Constructs int // constructors that are named, of pools and of connections outside them
	ForTests   int // those of them that are named in a file made for tests
	GivenUp    int // acquiring calls in functions too large to be followed

	Known    int      // uses of cataloged functions
	PoolVars []string // the package's own variables that hold a pool
}

// New returns the analyzer that computes the summaries. Its result is a *Result.
func New(cfg Config) *analysis.Analyzer {
	if cfg.Catalog == nil {
		cfg.Catalog = catalog.Default()
	}
	a := &analysis.Analyzer{
		Name:       "poolvetsummary",
		Doc:        "poolvetsummary computes what functions do with database connections; the rules of poolvet read it",
		Run:        func(pass *analysis.Pass) (any, error) { return run(pass, cfg) },
		FactTypes:  []analysis.Fact{new(fact.Package), new(fact.Func), new(fact.Field)},
		ResultType: reflect.TypeFor[*Result](),
	}
	diag.Guard(a)
	return a
}

// Default is the analyzer with default settings, shared by the rules' default analyzers.
var Default = sync.OnceValue(func() *analysis.Analyzer { return New(Config{}) })

func run(pass *analysis.Pass, cfg Config) (any, error) {
	if foreign(pass) {
		cfg = Config{Catalog: catalog.Default()}
	}
	if !relevant(pass, cfg.Catalog) || len(pass.Files) == 0 {
		exportSlow(pass, cfg.Catalog)
		return new(Result), nil // nothing in it can touch a connection
	}
	if !mentions(pass, cfg.Catalog) {
		exportSlow(pass, cfg.Catalog)
		return &Result{Reaches: true}, nil // it imports such packages, and uses nothing of theirs that matters
	}
	r := open(pass, cfg)
	r.exportFacts()
	return r.result(), nil
}
