package straypool

import (
	_ "embed"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/construct"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
	"github.com/poolvet/poolvet/analyzer/internal/summary"
)

// Analyzer is the rule with default options.
var Analyzer = New(summary.Default(), summary.Config{}, nil)

//go:embed doc.go
var doc string

// New returns the rule on top of the given summaries. allow lists the patterns of the packages that may construct pools; nil
// means that all may.
func New(sum *analysis.Analyzer, cfg summary.Config, allow []string) *analysis.Analyzer {
	return summary.Rule("straypool", doc, sum, cfg, func(pass *analysis.Pass, found *summary.Result) {
		r := &reporter{pass: pass, cfg: cfg, allow: allow, said: map[token.Pos]bool{}}
		for _, c := range found.Constructions {
			r.construction(c)
		}
		r.outside(found)
	})
}

type reporter struct {
	pass  *analysis.Pass
	cfg   summary.Config
	allow []string
	said  map[token.Pos]bool
}

// construction reports a call that builds again and again, one that fails to keep what it builds, and, as advice, one in main
// whose pool is never closed.
func (r *reporter) construction(c *construct.Construction) {
	file := diag.File(r.pass.Files, c.Call.Common().Pos())
	if file == nil {
		return // a call that ssa made
	}
	call, _ := diag.CallAt(file, c.Call.Common().Pos())
	if call == nil || r.said[call.Pos()] {
		return // a call that ssa made, or one that builds twice
	}
	w := wording{reporter: r, c: c, call: call}
	switch {
	case c.Again != nil:
		r.report(call, tierOf(c), w.again(), c.Again.Pos, w.reason())
	case c.Broken != nil:
		r.report(call, diag.Warning, w.broken(), c.Broken.Pos, c.Broken.Name+" is looked at here")
	case c.Unclosed != nil:
		r.report(call, diag.Advice, w.unclosed(), c.Unclosed.Pos, "the process ends here")
	}
}

// tierOf is how sure it is that a construction that runs again and again is wrong.
func tierOf(c *construct.Construction) diag.Tier {
	switch {
	case c.Again.Named, c.Again.Entry == catalog.OnScrape:
		return diag.Advice // whoever asks names the database, or the program watches others
	case c.Build.Assumed, c.Again.Kind == runs.ByHealthCheck:
		return diag.Warning
	}
	return diag.Error
}

// outside reports the constructors that are named in a package that may not.
func (r *reporter) outside(found *summary.Result) {
	if len(r.allow) == 0 || r.allowed() {
		return // nobody has said where pools are to be built, or this is a place for it
	}
	for _, m := range found.Mentions {
		var at ast.Node = m.Ident
		name, verb := m.From, " is taken as a value"
		if m.Call != nil {
			at, name, verb = m.Call, diag.Callee(m.Call), " builds "+what(m.Resource)
		}
		if r.said[at.Pos()] {
			continue // one diagnostic for each call
		}
		r.report(at, diag.Error, name+verb+" outside the packages that may construct pools; "+r.instead(), token.NoPos, "")
	}
}

// allowed reports whether the package may construct pools.
func (r *reporter) allowed() bool {
	own := strings.TrimSuffix(strings.TrimSuffix(r.pass.Pkg.Path(), ".test"), "_test")
	for _, pattern := range r.allow {
		if pattern == "main" && r.pass.Pkg.Name() == "main" || Matches(pattern, own) {
			return true
		}
	}
	return false
}

// Matches reports whether an import path fits a pattern, whose "..." stands for anything, as for the go command.
func Matches(pattern, importPath string) bool {
	before, after, wild := strings.Cut(pattern, "...")
	if !wild {
		return pattern == importPath
	}
	if after == "" && importPath == strings.TrimSuffix(before, "/") {
		return true // net/... fits net
	}
	rest, ok := strings.CutPrefix(importPath, before)
	if !ok {
		return false
	}
	for i := range len(rest) + 1 {
		if Matches(after, rest[i:]) {
			return true
		}
	}
	return false
}

// instead names the way out: the packages that may.
func (r *reporter) instead() string {
	var names []string
	for _, pattern := range r.allow {
		if pattern != "main" {
			names = append(names, pattern)
		}
	}
	switch {
	case len(names) == 0:
		return "build it in main and hand it on"
	case len(names) > 2:
		return "use one of them: " + strings.Join(names[:2], ", ") + ", …"
	}
	return "use " + strings.Join(names, " or ")
}

// report hands a diagnostic on, with a related position if there is one.
func (r *reporter) report(at ast.Node, tier diag.Tier, message string, related token.Pos, note string) {
	r.said[at.Pos()] = true
	d := analysis.Diagnostic{Pos: at.Pos(), End: at.End(), Category: string(tier), Message: message}
	if related.IsValid() {
		d.Related = []analysis.RelatedInformation{{Pos: related, Message: note}}
	}
	if !r.cfg.Tests && diag.ForTests(r.pass.Files, at.Pos()) {
		return // a helper of tests: the user has not asked for them
	}
	r.pass.Report(d)
}

// what names what is built.
func what(resource catalog.Resource) string {
	switch resource {
	case catalog.Pool:
		return "a pool"
	case catalog.Listener:
		return "a listener's connection"
	}
	return "a connection of its own"
}
