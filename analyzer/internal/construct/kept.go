package construct

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Broken is how a function fails to build once.
type Broken struct {
	Kind BrokenKind
	Name string    // the variable, field or map that is looked at first
	Pos  token.Pos // where that is
}

// BrokenKind is what is wrong with a singleton.
type BrokenKind uint8

// The ways in which a singleton is broken.
const (
	NeverAssigned BrokenKind = iota // what is looked at stays nil
	Shadowed                        // a new variable of the same name is assigned
	CopyAssigned                    // a field of a copy of the receiver is assigned
	NeverStored                     // the map never gets what is built for a missing key
	Unbounded                       // the map gets one for every key, and none is ever taken out
	LocalOnce                       // the sync.Once is a variable of the function: it is new on each call
	FailAssigned                    // it is assigned only where something has failed
)

// kept reports whether what is built is there the next time the function is called, or shows how the attempt fails. What
// guards the construction in a way that is not understood is taken to work.
func (b *Builder) kept(c *Construction) (kept bool, broken *Broken) {
	for in := c.Call; in != nil; in = b.outer(in) {
		if repeat.OnFailure(in) {
			return true, nil // what was there is broken: it is taken anew
		}
		for _, g := range repeat.Guards(in) {
			k, bad := b.guarded(in.Parent(), c, g)
			if k || bad != nil {
				return k, bad
			}
		}
	}
	return false, nil
}

// outer is what runs the literal that a call stands in, nil if the call is in a declared function or nothing shows.
func (b *Builder) outer(call ssa.CallInstruction) ssa.CallInstruction {
	if fn := call.Parent(); fn.Parent() != nil && b.Entries[fn] == "" {
		if use := b.Uses[fn]; use != nil {
			return use
		}
	}
	return nil
}

// guarded is kept for one guard.
func (b *Builder) guarded(fn *ssa.Function, c *Construction, g repeat.Guard) (bool, *Broken) {
	if l, ok := g.Value.(*ssa.Lookup); ok && g.Kind == repeat.IsNil {
		g.Kind, g.Value = repeat.Missing, l.X // if p := pools[key]; p == nil
	}
	at, known := b.Locate(g.Value)
	switch g.Kind {
	case repeat.Swapped:
		return true, nil // succeeds once
	case repeat.Bounded:
		return b.countsPools(g, c), nil
	case repeat.Unset:
		return known && b.Written(fn, c.Call, at) == repeat.RealWrite, nil
	case repeat.IsNil:
		if p, ok := g.Value.(*ssa.Parameter); ok && p.Parent() == c.Call.Parent() && b.bringsPool(p.Type(), c) {
			c.Build.IfNil = slices.Index(p.Parent().Params, p) + 1 // it depends on what it is given
			return false, nil
		}
		if !known {
			return b.bringsPool(g.Value.Type(), c), nil // a local variable, or what a function has returned
		}
	case repeat.Missing:
		if !known {
			return true, nil // a cache of some kind
		}
	}
	switch b.Written(fn, c.Call, at) {
	case repeat.RealWrite:
		if g.Kind == repeat.Missing && b.unbounded(fn, g, at) {
			return false, &Broken{Unbounded, b.locationName(at), condPos(g.If)}
		}
		return true, nil
	case repeat.FailedWrite:
		if b.bringsPool(at.Of(), c) {
			return false, &Broken{FailAssigned, b.locationName(at), condPos(g.If)}
		}
	case repeat.CopyWrite:
		return false, &Broken{CopyAssigned, b.locationName(at), condPos(g.If)}
	}
	if !b.bringsPool(at.Of(), c) {
		return false, nil // it is about something else
	}
	if g.Kind == repeat.Missing {
		if !isMap(g.Value.Type()) && !isMap(at.Of()) || b.writtenAnywhere(at) {
			return true, nil // a cache that may fill itself, or that somebody else fills
		}
		return false, &Broken{NeverStored, b.locationName(at), condPos(g.If)}
	}
	if b.shadows(c, at) {
		return false, &Broken{Shadowed, b.locationName(at), condPos(g.If)}
	}
	if at.Exported() && b.Pass.Pkg.Name() != "main" || b.writtenAnywhere(at) || override.MatchString(at.Name()) {
		return true, nil // somebody else assigns it
	}
	return false, &Broken{NeverAssigned, b.locationName(at), condPos(g.If)}
}

// override matches the names of variables that only tests assign.
var override = regexp.MustCompile(`(?i)test|mock|fake|stub|override`)

func condPos(in *ssa.If) token.Pos {
	switch c := in.Cond.(type) {
	case *ssa.Extract:
		return c.Tuple.Pos()
	case *ssa.UnOp:
		return c.X.Pos()
	}
	return in.Cond.Pos()
}

// countsPools reports whether a length that is compared is that of a container of pools.
func (b *Builder) countsPools(g repeat.Guard, c *Construction) bool {
	cmp, ok := g.Value.(*ssa.BinOp)
	if !ok {
		return false
	}
	for _, side := range []ssa.Value{cmp.X, cmp.Y} {
		if call, ok := side.(*ssa.Call); ok && len(call.Call.Args) == 1 && b.bringsPool(call.Call.Args[0].Type(), c) {
			return true
		}
	}
	return false
}

// bringsPool reports whether a value of the type is, holds or leads to what the construction builds.
func (b *Builder) bringsPool(t types.Type, c *Construction) bool { return b.brings(t, c, 3) }

func (b *Builder) brings(t types.Type, c *Construction, depth int) bool {
	if depth == 0 {
		return false // too deep to be a holder of pools
	}
	if class := b.Cat.Type(t); class != nil && (class.Resource == c.Build.Resource || class.Resource == catalog.Pool) {
		return true
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" && named.Obj().Name() == "Map" {
		return true // whatever it holds
	}
	results := c.Call.Common().Signature().Results()
	for i := range results.Len() {
		r := results.At(i).Type()
		if _, plain := r.Underlying().(*types.Basic); !plain && types.Identical(r, t) && !program.IsError(r) {
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		return b.brings(u.Elem(), c, depth)
	case *types.Map:
		return b.brings(u.Elem(), c, depth)
	case *types.Slice:
		return b.brings(u.Elem(), c, depth)
	case *types.Array:
		return b.brings(u.Elem(), c, depth)
	case *types.Struct:
		for f := range u.Fields() {
			if b.brings(f.Type(), c, depth-1) {
				return true
			}
		}
	}
	return false
}

func isMap(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "sync" {
		return named.Obj().Name() == "Map"
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// writtenAnywhere reports whether any function of the package writes to a location.
func (b *Builder) writtenAnywhere(at repeat.Location) bool {
	if at.Free != "" {
		return false // the functions that can have been looked at
	}
	return slices.ContainsFunc(b.WithInit(), func(fn *ssa.Function) bool {
		return repeat.WriteTo(fn, at) == repeat.RealWrite
	})
}

// shadows reports whether the function around a construction has a new variable that has the name of the location.
func (b *Builder) shadows(c *Construction, at repeat.Location) bool {
	if at.Type != nil {
		return false // a field is not hidden by a variable
	}
	found := false
	for _, n := range b.around(c.Call) {
		fn, ok := n.(*ast.FuncDecl)
		if !ok {
			continue // something in it
		}
		ast.Inspect(fn, func(n ast.Node) bool {
			assign, ok := n.(*ast.AssignStmt)
			if !ok || assign.Tok != token.DEFINE {
				return true
			}
			for _, e := range assign.Lhs {
				id, ok := e.(*ast.Ident)
				found = found || ok && id.Name == at.Name() && b.Pass.TypesInfo.Defs[id] != nil
			}
			return true
		})
	}
	return found
}

// locationName is how a user calls a location: a package variable by its name, a field with its type.
func (b *Builder) locationName(at repeat.Location) string {
	if at.Type != nil {
		return at.Type.Name() + "." + at.Name()
	}
	return at.Name()
}

// onlyCallee is the function of this package that fn calls to build, nil if there is none.
func (b *Builder) onlyCallee(fn *ssa.Function) *ssa.Function {
	for _, c := range b.of(fn).all {
		if _, next := program.Callee(c.Call); next != nil {
			return next
		}
	}
	return nil
}
