package construct

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Mention is a place that names a constructor: in a call, or to take it as a value.
type Mention struct {
	Ident    *ast.Ident
	Call     *ast.CallExpr // nil if it is taken as a value
	From     string        // the constructor as a user writes it: "pgxpool.New"
	Resource catalog.Resource
}

// Mentioned lists the constructors that the package names. It asks the syntax, so no call of a function value is missed: the
// constructor was named before.
func (b *Builder) Mentioned() []Mention {
	var out []Mention
	for _, f := range b.Pass.Files {
		if diag.IsTest(b.Pass.Fset, f.Pos()) && !b.Cfg.Tests {
			continue // nobody asked for tests
		}
		calls := map[*ast.Ident]*ast.CallExpr{}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if id := program.CalleeIdent(n.Fun); id != nil {
					calls[id] = n
				}
			case *ast.Ident:
				if from, resource := b.constructor(n, calls[n]); from != "" {
					out = append(out, Mention{n, calls[n], from, resource})
				}
			}
			return true
		})
	}
	slices.SortStableFunc(out, func(x, y Mention) int { return cmp.Compare(x.Ident.Pos(), y.Ident.Pos()) })
	return out
}

// ForTests counts the mentions in files that are made for tests, if nobody asked for tests.
func (b *Builder) ForTests(mentions []Mention) int {
	n := 0
	for _, m := range mentions {
		if !b.Cfg.Tests && diag.ForTests(b.Pass.Files, m.Ident.Pos()) {
			n++
		}
	}
	return n
}

// constructor returns the constructor that an identifier names, empty if it names none, or one that no server knows of.
func (b *Builder) constructor(id *ast.Ident, call *ast.CallExpr) (from string, resource catalog.Resource) {
	fn, ok := b.Pass.TypesInfo.Uses[id].(*types.Func)
	if !ok {
		return "", ""
	}
	if row := b.Cat.Func(fn); row != nil {
		if !row.Builds() || call != nil && b.harmlessCall(call, row) {
			return "", ""
		}
		return row.Short(), row.Resource
	}
	if fact := b.Facts.Func(fn); fact != nil && fn.Pkg() != b.Pass.Pkg {
		for _, build := range fact.Builds {
			if build.Generated && len(build.Chain) == 0 {
				return fn.Pkg().Name() + "." + fn.Name(), build.Resource // ent.Open
			}
		}
	}
	return "", ""
}

// harmlessCall reports whether a call builds nothing that a server counts: one for a database in the process, or around a
// pool that is there.
func (b *Builder) harmlessCall(call *ast.CallExpr, row *catalog.Row) bool {
	in := b.CallAt(call.Lparen)
	return in != nil && (b.Embedded(in, row) || b.Wraps(in))
}

// Recognized counts the uses of cataloged functions.
func (b *Builder) Recognized() int {
	n := 0
	for _, obj := range b.Pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && b.Cat.Func(fn) != nil {
			n++
		}
	}
	return n
}

// PoolVars lists the variables of the package that a pool is assigned to.
func (b *Builder) PoolVars() []string {
	var out []string
	for _, name := range b.Pass.Pkg.Scope().Names() { // sorted
		v, ok := b.Pass.Pkg.Scope().Lookup(name).(*types.Var)
		if !ok || diag.IsTest(b.Pass.Fset, v.Pos()) {
			continue // no variable, or one of the tests
		}
		class := b.Cat.Type(v.Type())
		g, _ := b.Pkg.Members[name].(*ssa.Global)
		if class == nil || class.Resource != catalog.Pool || g == nil {
			continue // no pool
		}
		if b.writtenAnywhere(repeat.Location{Global: g}) {
			out = append(out, name)
		}
	}
	return out
}
