// Package summary finds out what each function does with connections: which it takes, which it leaves with its caller, which
// of those it is given it releases. It is the one analyzer with facts; the rules read its [Result].
package summary

import (
	"go/token"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
)

// Config is what the summaries depend on.
type Config struct {
	Catalog *catalog.Catalog // nil: the built-in one
	Strict  bool             // assume the worst of unknown code
	Tests   bool             // analyze test files too

	KeepNolint bool // the rules leave golangci-lint's comments to golangci-lint; of no matter to the summaries
}

// Result is what the rules read. It is empty for a package that cannot reach a cataloged library.
type Result struct {
	Reaches       bool            // the package reaches a cataloged library
	Sites         []*Site         // by position
	Constructions []*Construction // calls that build, by position of their functions
	Mentions      []Mention       // constructors that the package names, by position
	Limits        []Limit         // what is to be known of the limits of pools, by position
	Spawns        []*Spawn        // goroutines that take connections, by position of their functions
	Waits         []*Wait         // waits for a connection while one is held, by position
	SlowHolds     []*SlowHold     // what is slow while a connection is held, by position
	Needs         []Need          // entry points in which a goroutine holds more than one connection at once, by position
	OpenWaits     []*OpenWait     // calls that wait for a connection without a deadline, by position of their functions
	Retries       []*Retry        // calls that are retried for a connection at once, by position of their functions
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

// Site is a call that leaves a resource with the function it stands in.
type Site struct {
	Call     ssa.CallInstruction
	Class    catalog.Class
	Holds    catalog.Holds
	CtxFrees bool
	From     string       // the library call behind it
	Row      *catalog.Row // nil for a call of the program's own wrapper
	Wrapper  bool         // what the caller has is a value of a type of its own around the resource
	Releaser bool         // all the caller has is a function that releases it
	Begun    bool         // the results of a batch that is a transaction: what is owed is the end of their Tx
	Assumed  bool         // it rests on an interface whose implementations are not all known

	Holder    ssa.Value // the result that holds it; nil if the call has none or it is not used
	Out       ssa.Value // the argument that holds it after the call, if no result does
	Discarded bool      // the result that holds it is not used at all
	Released  bool      // some path releases it
	Kept      bool      // some path returns it or stores it
	Losses    []Loss    // by position
	GaveUp    bool      // the function is too large to be followed

	owned     *Owned
	moments   moments
	escapes   bool // some path gives it to a call of which nothing is known
	inLiteral bool // the call is in a function literal that hands it to a variable outside
	parentArg int
	ctxArg    int
}

// LossKind is how a resource is lost.
type LossKind uint8

const (
	AtExit      LossKind = iota // a return leaves it behind
	AtPanic                     // a panic that is recovered leaves it behind
	InGoroutine                 // a goroutine that has taken it over leaves it behind
	Overwritten                 // the next iteration takes another one and nothing refers to it any more
	DeferInLoop                 // the next iteration takes another one while the deferred release waits for the return
	BusyAtEnd                   // its transaction ends while it is open: the commit fails
	StuckAtEnd                  // its connection is closed while it is open: the close waits for ever
)

// Excuse is a reason why a loss matters less.
type Excuse uint8

const (
	NoExcuse  Excuse = iota
	EndsOnCtx        // the context of a request, or one with a deadline, ends it
	ConnGone         // its connection is given back broken: the slot is free, the connection is not reused
	TxEnds           // the transaction it belongs to closes it when it ends
	NotHeld          // there was nothing to release: the query had failed
)

// Pos is the position of the call: its opening parenthesis.
func (s *Site) Pos() token.Pos { return s.Call.Common().Pos() }

// Loss is a place where a resource is lost.
type Loss struct {
	Kind    LossKind
	Pos     token.Pos // of the return, or of the call that ends or takes
	At      ssa.Instruction
	Excuse  Excuse
	Release token.Pos // DeferInLoop: the deferred release
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
		FactTypes:  []analysis.Fact{new(usesDB), new(funcFact), new(fieldFact)},
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
		slowHelpers(pass, cfg.Catalog)
		return new(Result), nil // nothing in it can touch a connection
	}
	if !mentions(pass, cfg.Catalog) {
		slowHelpers(pass, cfg.Catalog)
		return &Result{Reaches: true}, nil // it imports such packages, and uses nothing of theirs that matters
	}
	p := newProgram(pass, cfg)
	p.findSites()
	b := newBuilder(p)
	l := newPools(b)
	t := newTaker(l)
	spawns, h := t.spawns()
	p.exportFacts(h)
	r := p.result()
	r.Reaches = true
	r.Constructions = b.constructions()
	r.Mentions = b.mentioned()
	r.Coverage.Known = b.recognized()
	r.Coverage.Constructs, r.Coverage.PoolVars = len(r.Mentions), b.poolVars()
	r.Coverage.ForTests = b.forTests(r.Mentions)
	r.Limits, r.Spawns = l.limits(), spawns
	r.Waits, r.Needs, r.SlowHolds = h.found(), h.needs, h.foundSlow()
	r.OpenWaits, r.Retries = t.openWaits(), t.retries()
	return r, nil
}

// mentions reports whether the package names a function, type or variable that has to do with a connection. Most packages of
// a service import one that uses the database and touch nothing of it.
func mentions(pass *analysis.Pass, c *catalog.Catalog) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if concerns(pass, c, obj) {
			return true
		}
	}
	for _, p := range pass.Pkg.Imports() {
		if f := new(usesDB); pass.ImportPackageFact(p, f) && f.lends() {
			return true // what is lent behind an interface
		}
	}
	for _, sel := range pass.TypesInfo.Selections {
		if c.Type(sel.Type()) != nil || concerns(pass, c, sel.Obj()) {
			return true
		}
	}
	return false
}
