package slowhold

import (
	_ "embed"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/hold"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Options is what the user has set.
type Options struct {
	Rows  bool // open rows and batches count as well
	Alone bool // holdwait is off, so what it would say of a place is said here
}

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{}, Options{})

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries.
func New(sum *analysis.Analyzer, cfg summary.Config, options Options) *analysis.Analyzer {
	return summary.Rule("slowhold", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg, options: options}
		for _, s := range found.SlowHolds {
			r.slow(s)
		}
	})
}

type reporter struct {
	pass    *analysis.Pass
	cfg     summary.Config
	options Options
}

// slow reports one place where something slow is done.
func (r *reporter) slow(s *hold.SlowHold) {
	if !r.counts(s.Holder.Resource) {
		return // rows, and nobody asked for them
	}
	if s.Waits && !r.options.Alone {
		return // holdwait says more
	}
	pos := diag.PosOf(s.At)
	file := diag.File(r.pass.Files, pos)
	if file == nil {
		return // an instruction that ssa made
	}
	if !r.cfg.Tests && diag.ForTests(r.pass.Files, pos) {
		return // nobody has asked for tests
	}
	w := wording{reporter: r, slow: s}
	w.node, w.call = diag.SyntaxAt(file, pos)
	d := analysis.Diagnostic{Pos: w.node.Pos(), End: w.node.End(), Category: string(diag.Warning), Message: w.message()}
	if held := s.Holder.Pos(); held.IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: held, Message: "held since here"}}
	}
	if s.Lock != nil {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: diag.PosOf(s.Lock), Message: "done under the lock here"})
	}
	r.pass.Report(d)
}

// counts reports whether what is held counts.
func (r *reporter) counts(what catalog.Resource) bool {
	switch what {
	case catalog.Tx, catalog.Conn, catalog.Conns:
		return true
	}
	return r.options.Rows
}
