package fanout

import (
	_ "embed"
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/spawn"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Limits is what the user allows.
type Limits struct {
	MaxConns    int // the largest pool
	MaxParallel int // the queries of one function that run in parallel
}

// What is allowed if the user has not said.
const (
	DefaultMaxConns    = 15
	DefaultMaxParallel = 4
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{}, Limits{})

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries. A limit of zero means the default.
func New(sum *analysis.Analyzer, cfg summary.Config, limits Limits) *analysis.Analyzer {
	if limits.MaxConns == 0 {
		limits.MaxConns = DefaultMaxConns
	}
	if limits.MaxParallel == 0 {
		limits.MaxParallel = DefaultMaxParallel
	}
	return summary.Rule("fanout", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg, limits: limits}
		for _, sp := range found.Spawns {
			r.spawn(sp)
		}
	})
}

type reporter struct {
	pass   *analysis.Pass
	cfg    summary.Config
	limits Limits
}

// spawn reports a start of goroutines, if they are too many.
func (r *reporter) spawn(sp *spawn.Spawn) {
	pos := diag.PosOf(sp.Call)
	call, around := diag.CallIn(r.pass.Files, pos)
	if call == nil {
		return // a call that ssa made
	}
	w := wording{reporter: r, sp: sp, call: call, around: around}
	at, message := w.message()
	if message == "" {
		return // a bound that fits, or few
	}
	tier := r.tier(sp)
	if !r.cfg.Tests && diag.ForTests(r.pass.Files, pos) {
		return // nobody has asked for tests
	}
	d := analysis.Diagnostic{Pos: at.Pos(), End: at.End(), Category: string(tier), Message: message}
	if sp.Fake != nil && at == ast.Node(call) {
		d.Related = []analysis.RelatedInformation{{Pos: diag.PosOf(sp.Fake.At), Message: "this is no bound"}}
	}
	r.pass.Report(d)
}

// tier is how sure it is that the goroutines are too many.
func (r *reporter) tier(sp *spawn.Spawn) diag.Tier {
	switch {
	case sp.Take.Busy:
		return diag.Error
	case sp.Take.Assumed || sp.Width == spawn.Straight:
		return diag.Warning
	case sp.Unlimited:
		return diag.Error
	case sp.Limit > 0 && sp.Deadline && sp.Bound == 0:
		return diag.Advice
	}
	return diag.Warning
}
