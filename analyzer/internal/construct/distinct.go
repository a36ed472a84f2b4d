package construct

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// tenantName matches the names of what a program has ever more of.
var tenantName = regexp.MustCompile(`(?i)tenant|customer|user|account|org|workspace|client|shop|member|item|job|task|order|row|record|event|message|request|project|email|id$|ids$|quer|attempt|worker`)

// distinct reports whether each round of a loop is for a database of its own, one of a few that the program has been told of:
// the arguments of the constructor depend on the element of a range, and what is built is kept for it or closed again. at is
// the call that stands in the loop.
func (b *Builder) distinct(c *Construction, at ssa.CallInstruction) bool {
	if s := c.Site; s != nil && !s.Kept && slices.ContainsFunc(s.Losses, func(l release.Loss) bool { return !l.AtReturn() }) {
		return false // it is lost anyway
	}
	loop := b.rangeAround(at)
	if loop == nil || b.nameOfMany(loop) {
		return false // an endless loop, a count, or one of many
	}
	for _, a := range b.decisiveArgs(c) {
		if dependsOnElement(a, program.MaxUses*2) || changedFor(a, at) {
			return true
		}
	}
	return false
}

// changedFor reports whether a field of what a configuration points to is set to something made of the element before the
// call: cfg.Database = name.
func changedFor(cfg ssa.Value, at ssa.CallInstruction) bool {
	for _, block := range at.Parent().Blocks {
		for _, in := range block.Instrs {
			switch in := in.(type) {
			case *ssa.Store:
				if field, ok := in.Addr.(*ssa.FieldAddr); ok && sameVariable(root(field), cfg) && dependsOnElement(in.Val, program.MaxUses*2) {
					return true
				}
			case *ssa.MapUpdate: // cfg.RuntimeParams["search_path"] = name
				if load, ok := in.Map.(*ssa.UnOp); ok {
					if field, ok := load.X.(*ssa.FieldAddr); ok && sameVariable(root(field), cfg) && dependsOnElement(in.Value, program.MaxUses*2) {
						return true
					}
				}
			case *ssa.Call: // pointAt(cfg, name)
				args := in.Call.Args
				if in != at && slices.Contains(args, cfg) && slices.ContainsFunc(args, func(a ssa.Value) bool {
					return a != cfg && !program.IsContext(a.Type()) && dependsOnElement(a, program.MaxUses)
				}) {
					return true
				}
			}
		}
	}
	return false
}

// root is the object that a field belongs to, also by way of other fields.
func root(addr *ssa.FieldAddr) ssa.Value {
	for {
		switch x := addr.X.(type) {
		case *ssa.FieldAddr:
			addr = x
			continue
		case *ssa.UnOp:
			if f, ok := x.X.(*ssa.FieldAddr); ok {
				addr = f // cfg.ConnConfig.Database
				continue
			}
		}
		return addr.X
	}
}

// sameVariable reports whether two values are one, or loads of one variable.
func sameVariable(a, b ssa.Value) bool {
	if a == b {
		return true
	}
	x, ok1 := a.(*ssa.UnOp)
	y, ok2 := b.(*ssa.UnOp)
	return ok1 && ok2 && x.X == y.X
}

// decisiveArgs lists the arguments of a construction that say which database it is for: the connection string or configuration
// of a constructor, and what a function of the program's own makes those of.
func (b *Builder) decisiveArgs(c *Construction) []ssa.Value {
	if c.Row == nil {
		var out []ssa.Value
		for _, i := range c.Build.Params {
			if a := program.GivenFor(c.Call, i); a != nil {
				out = append(out, a)
			}
		}
		return out
	}
	var out []ssa.Value
	for _, a := range c.Call.Common().Args {
		if _, isFunc := a.Type().Underlying().(*types.Signature); !isFunc && !program.IsContext(a.Type()) {
			out = append(out, a)
		}
	}
	return out
}

// decisive lists the parameters of fn that say which database a construction in it is for.
func (b *Builder) decisive(fn *ssa.Function, c *Construction) []int {
	var out []int
	for _, a := range b.decisiveArgs(c) {
		for i, p := range fn.Params {
			if !slices.Contains(out, i) && madeOf(a, p, program.MaxUses*2) {
				out = append(out, i)
			}
		}
	}
	return out
}

// madeOf reports whether a value is made of a parameter.
func madeOf(v ssa.Value, p *ssa.Parameter, depth int) bool {
	if v == ssa.Value(p) {
		return true
	}
	in, ok := v.(ssa.Instruction)
	if depth == 0 || !ok {
		return false
	}
	if a, ok := v.(*ssa.Alloc); ok {
		return slices.ContainsFunc(program.StoredIn(a), func(s ssa.Value) bool { return madeOf(s, p, depth-1) })
	}
	for _, op := range in.Operands(nil) {
		if *op != nil && madeOf(*op, p, depth-1) {
			return true
		}
	}
	return false
}

// rangeAround returns the innermost range statement over a collection in the function that a call stands in.
func (b *Builder) rangeAround(call ssa.CallInstruction) *ast.RangeStmt {
	for _, n := range b.around(call) {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return nil
		case *ast.ForStmt:
			return nil // a count or an endless loop
		case *ast.RangeStmt:
			switch b.Pass.TypesInfo.TypeOf(n.X).Underlying().(type) {
			case *types.Slice, *types.Array, *types.Map, *types.Pointer:
				return n
			}
			return nil // a channel, a number, an iterator: as many as come
		}
	}
	return nil
}

// nameOfMany reports whether a name in the head of a loop says that there are many.
func (b *Builder) nameOfMany(loop *ast.RangeStmt) bool {
	many, few := false, false
	for _, e := range []ast.Expr{loop.Value, loop.X} { // a key is often called id
		if e == nil {
			continue
		}
		ast.Inspect(e, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				many = many || tenantName.MatchString(id.Name)
				few = few || roleName.MatchString(id.Name)
			}
			return true
		})
	}
	return many && !few
}

// dependsOnElement reports whether a value is made of the element or key of a loop, or of what a literal is given or captures.
func dependsOnElement(v ssa.Value, depth int) bool {
	if depth == 0 {
		return false
	}
	switch v := v.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function, *ssa.Builtin:
		return false
	case *ssa.Parameter, *ssa.FreeVar:
		t := v.Type()
		if ptr, ok := t.Underlying().(*types.Pointer); ok {
			t = ptr.Elem()
		}
		return v.Parent().Parent() != nil && !program.IsContext(t) // of the literal that the loop runs
	case *ssa.Extract:
		if _, ok := v.Tuple.(*ssa.Next); ok {
			return true
		}
	case *ssa.IndexAddr, *ssa.Index:
		return true
	}
	in, ok := v.(ssa.Instruction)
	if !ok {
		return false
	}
	if a, ok := v.(*ssa.Alloc); ok {
		return slices.ContainsFunc(program.StoredIn(a), func(s ssa.Value) bool { return dependsOnElement(s, depth-1) })
	}
	for _, op := range in.Operands(nil) {
		if *op != nil && dependsOnElement(*op, depth-1) {
			return true
		}
	}
	return false
}

// swaps reports whether a function closes the pool that was there before it puts the new one in its place: there is one more
// for a moment only.
func (b *Builder) swaps(fn *ssa.Function, c *Construction) bool {
	if c.Site == nil || !c.Site.Kept {
		return false
	}
	for _, f := range program.Family(program.Outermost(fn)) {
		for _, block := range f.Blocks {
			for _, in := range block.Instrs {
				if recv := b.closed(in); recv != nil && recv != c.Site.Holder && fromElsewhere(recv) {
					return true
				}
			}
		}
	}
	return false
}

// closed returns the pool that an instruction closes, or takes the Close of.
func (b *Builder) closed(in ssa.Instruction) ssa.Value {
	switch in := in.(type) {
	case ssa.CallInstruction:
		obj, _ := program.Callee(in)
		if row := b.Cat.Func(obj); row != nil && row.Kind == catalog.Release && row.Resource == catalog.Pool && !in.Common().IsInvoke() {
			return origin.Given(in)[0]
		}
	case *ssa.MakeClosure:
		obj, ok := in.Fn.(*ssa.Function).Object().(*types.Func)
		if !ok || len(in.Bindings) != 1 {
			return nil
		}
		if row := b.Cat.Func(obj); row != nil && row.Kind == catalog.Release && row.Resource == catalog.Pool {
			return in.Bindings[0]
		}
	}
	return nil
}

// fromElsewhere reports whether a value was there before: it was loaded from a field or a package variable, or swapped out.
func fromElsewhere(v ssa.Value) bool {
	if call, ok := v.(*ssa.Call); ok {
		obj, _ := program.Callee(call)
		return obj != nil && obj.Name() == "Swap"
	}
	_, ok := repeat.LocationOf(v)
	return ok
}
