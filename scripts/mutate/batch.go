package main

import (
	"go/ast"
	"go/types"
)

// reach says which functions of the program a function may come to. Who is called through an interface is guessed by name, and too
// many rather than too few.
type reach struct {
	calls  map[*types.Func][]*types.Func
	byName map[string][]*types.Func // methods
	known  map[*types.Func]map[*types.Func]bool
}

func newReach(functions []*function) *reach {
	r := &reach{calls: make(map[*types.Func][]*types.Func), byName: make(map[string][]*types.Func), known: make(map[*types.Func]map[*types.Func]bool)}
	for _, fn := range functions {
		if fn.obj.Signature().Recv() != nil {
			r.byName[fn.obj.Name()] = append(r.byName[fn.obj.Name()], fn.obj)
		}
	}
	for _, fn := range functions {
		ast.Inspect(fn.decl.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if used, ok := fn.pkg.TypesInfo.Uses[id].(*types.Func); ok {
				r.calls[fn.obj] = append(r.calls[fn.obj], r.meant(used.Origin())...)
			}
			return true
		})
	}
	return r
}

// meant returns the functions that a mention of one may be.
func (r *reach) meant(fn *types.Func) []*types.Func {
	if recv := fn.Signature().Recv(); recv != nil && types.IsInterface(recv.Type()) {
		return r.byName[fn.Name()]
	}
	return []*types.Func{fn}
}

// from returns what a function may come to, with itself.
func (r *reach) from(fn *types.Func) map[*types.Func]bool {
	if seen, ok := r.known[fn]; ok {
		return seen
	}
	seen := make(map[*types.Func]bool)
	var visit func(fn *types.Func)
	visit = func(fn *types.Func) {
		if seen[fn] {
			return
		}
		seen[fn] = true
		for _, callee := range r.calls[fn] {
			visit(callee)
		}
	}
	visit(fn)
	r.known[fn] = seen
	return seen
}

// related reports whether one of two functions may come to the other.
func (r *reach) related(a, b *types.Func) bool { return r.from(a)[b] || r.from(b)[a] }

// batches puts mutants together that cannot disturb each other: none is in a function that may come to that of another.
func batches(mutants []*mutant, r *reach) [][]*mutant {
	var all [][]*mutant
next:
	for _, m := range mutants {
		if m.solo {
			all = append(all, []*mutant{m})
			continue
		}
		for i, batch := range all {
			if !batch[0].solo && fits(m, batch, r) {
				all[i] = append(batch, m)
				continue next
			}
		}
		all = append(all, []*mutant{m})
	}
	return all
}

func fits(m *mutant, batch []*mutant, r *reach) bool {
	for _, other := range batch {
		if r.related(m.in.obj, other.in.obj) {
			return false
		}
	}
	return true
}
