package badignore

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/fanout"
	"github.com/poolvet/poolvet/analyzer/holdwait"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/near"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
	"github.com/poolvet/poolvet/analyzer/lostrelease"
	"github.com/poolvet/poolvet/analyzer/poollimit"
	"github.com/poolvet/poolvet/analyzer/slowhold"
	"github.com/poolvet/poolvet/analyzer/straypool"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{}, []*analysis.Analyzer{
	straypool.Analyzer, lostrelease.Analyzer, fanout.Analyzer, holdwait.Analyzer, poollimit.Analyzer, slowhold.Analyzer,
}, []string{"nodeadline"})

//go:embed doc.go
var doc string

// New returns the rule on top of the rules that are on. off names the others.
func New(sum *analysis.Analyzer, cfg summary.Config, on []*analysis.Analyzer, off []string) *analysis.Analyzer {
	known := slices.Clone(off)
	for _, rule := range on {
		known = append(known, rule.Name)
	}
	slices.Sort(known)
	return diag.Rule{
		Name:     "badignore",
		Source:   doc,
		Requires: append([]*analysis.Analyzer{sum}, on...),
		Tests:    cfg.Tests,

		KeepNolint: cfg.KeepNolint,
		Unsilenced: true,

		Run: func(pass *analysis.Pass) {
			if !pass.ResultOf[sum].(*summary.Result).Reaches {
				return // no rule can say anything of it
			}
			r := &reporter{pass: pass, cfg: cfg, on: on, known: known}
			for _, file := range pass.Files {
				r.file(file)
			}
		},
	}.Analyzer()
}

type reporter struct {
	pass  *analysis.Pass
	cfg   summary.Config
	on    []*analysis.Analyzer
	known []string
}

func (r *reporter) file(f *ast.File) {
	for _, c := range diag.Comments(r.pass.Fset, f) {
		for _, message := range r.wrong(c) {
			r.report(c.Pos, c.End, message)
		}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "// poolvet:ignore ") {
				r.report(c.Pos(), c.End(), "a blank before poolvet:ignore makes it an ordinary comment; remove the blank")
			}
		}
	}
}

// wrong returns what is wrong with a comment, in the order of the rules it names.
func (r *reporter) wrong(c diag.Comment) []string {
	if len(c.Rules) == 0 {
		return []string{"poolvet:ignore names no rule; write " + diag.Directive + " rule reason"}
	}
	var wrong []string
	for _, rule := range c.Rules {
		if !slices.Contains(r.known, rule) {
			wrong = append(wrong, "poolvet:ignore: "+near.Unknown("rule", rule, r.known))
		}
	}
	switch {
	case len(wrong) > 0:
		return wrong
	case c.Reason == "":
		return []string{"poolvet:ignore has no reason and does not count; say behind the rule why it may be ignored"}
	case !r.cfg.Tests && diag.ForTests(r.pass.Files, c.Pos):
		return nil // most rules pass over such a file
	}
	for _, rule := range r.on {
		if slices.Contains(c.Rules, rule.Name) && !r.used(rule, c.Pos) {
			wrong = append(wrong, fmt.Sprintf("poolvet:ignore: %s has nothing to report here; remove it", rule.Name))
		}
	}
	return wrong
}

// used reports whether the comment at pos has silenced the rule.
func (r *reporter) used(rule *analysis.Analyzer, pos token.Pos) bool {
	outcome := r.pass.ResultOf[rule].(*diag.Outcome)
	return slices.ContainsFunc(outcome.Silenced, func(s diag.Silenced) bool { return s.Comment.Pos == pos })
}

func (r *reporter) report(pos, end token.Pos, message string) {
	r.pass.Report(analysis.Diagnostic{Pos: pos, End: end, Category: string(diag.Warning), Message: message})
}
