package lostrelease

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{})

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries.
func New(sum *analysis.Analyzer, cfg summary.Config) *analysis.Analyzer {
	return summary.Rule("lostrelease", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg, said: map[string]bool{}}
		for _, s := range found.Sites {
			r.site(s)
		}
	})
}

type reporter struct {
	pass *analysis.Pass
	cfg  summary.Config
	said map[string]bool
}

// site reports what is lost of one site: one diagnostic, however many paths lose it.
func (r *reporter) site(s *release.Site) {
	file := diag.File(r.pass.Files, s.Pos())
	if file == nil {
		return // a call that ssa made
	}
	losses, excused := r.weigh(s)
	if len(losses) == 0 {
		return // released, or somebody else's, on every path
	}
	call, around := diag.CallAt(file, s.Pos())
	if call == nil {
		return // a call that ssa made
	}
	w := wording{reporter: r, site: s, call: call, around: around}
	d := analysis.Diagnostic{
		Pos:      call.Pos(),
		End:      call.End(),
		Category: string(r.tier(s, excused)),
		Message:  w.message(losses),
	}
	key := fmt.Sprint(d.Pos, w.name(), losses[0].Kind, losses[0].Pos, excused)
	if r.said[key] {
		return // the call leaves two in the same place: one release is missing
	}
	r.said[key] = true
	for _, l := range losses {
		d.Related = append(d.Related, analysis.RelatedInformation{Pos: l.Pos, Message: w.related(l)})
	}
	if fix, ok := w.fix(file, losses); ok {
		d.SuggestedFixes = []analysis.SuggestedFix{fix}
	}
	r.pass.Report(d)
}

// weigh drops the losses that matter less, unless there are no others.
func (r *reporter) weigh(s *release.Site) (losses []release.Loss, excused bool) {
	var minor []release.Loss
	for _, l := range s.Losses {
		if l.Excuse == release.NoExcuse {
			losses = append(losses, l)
		} else {
			minor = append(minor, l)
		}
	}
	if len(losses) == 0 {
		return minor, true
	}
	return losses, false
}

func (r *reporter) tier(s *release.Site, excused bool) diag.Tier {
	switch {
	case excused:
		return diag.Advice
	case s.Assumed, s.Wrapper, s.Holds == catalog.Parent, s.Holds == catalog.SlotIfPool:
		return diag.Warning
	case s.Class.Resource == catalog.Stmt, s.Class.Resource == catalog.Pool, s.Class.Resource == catalog.Session:
		return diag.Warning
	}
	return diag.Error
}

// where names a position as seen from the call.
func (w *wording) where(pos token.Pos) string { return diag.Where(w.pass.Fset, w.call.Pos(), pos) }

type wording struct {
	*reporter
	site   *release.Site
	call   *ast.CallExpr
	around []ast.Node
}
