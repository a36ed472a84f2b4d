package summary

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// poolRef is a pool as one place of the package knows it.
type poolRef struct {
	value ssa.Value // the handle, or what leads to it; nil if another package has it
	root  ssa.Value // the handle of the library's call, if that stands in this package
	kind  string    // see familyOf
	path  string    // see pathOf
}

// likeness is how much two handles look like one pool.
type likeness uint8

const (
	unlike likeness = iota // something shows two pools, or nothing can be said
	likely                 // nothing shows two
	samePool
)

// compare says whether two handles are of one pool. Most programs have one pool that is reached through many handles, so two
// handles of one kind are likely one unless something shows two: fields of one struct, constructors, roles in their names, a
// collection of pools.
func (t *handles) compare(a, b poolRef) likeness {
	x, y := t.resolve(a), t.resolve(b)
	if x != nil && y != nil && (t.sameValue(x, y, program.MaxUses*2) || t.onTopOf(x, y) || t.onTopOf(y, x)) {
		return samePool
	}
	switch {
	case a.kind != b.kind && a.kind != "" && b.kind != "":
		return unlike // pgxpool beside database/sql
	case a.path == elements || b.path == elements:
		return unlike // one of many: which, is not known
	case t.sameHandle(a, b):
		return samePool
	case t.builtHere(x) || t.builtHere(y):
		return unlike // a constructor in sight, and something else
	case t.otherInstance(a, b), roleOf(t.nameOf(a)) != roleOf(t.nameOf(b)), t.twoFields(a, b):
		return unlike
	}
	return t.bySources(a, b)
}

// resolve is the handle itself, as far as its function shows: the pool that was put into a struct, where the handle is that
// struct and the path a field of it. It is nil if another function has the handle.
func (t *handles) resolve(r poolRef) ssa.Value {
	if r.value == nil {
		return nil
	}
	v := t.plain(r.value)
	if x, i, ok := program.FieldOf(v); ok {
		if stored := t.storedField(x, i); stored != nil {
			return t.plain(stored)
		}
		return v
	}
	s, ok := program.Pointee(v.Type()).Underlying().(*types.Struct)
	if !ok || t.Whole(program.Pointee(v.Type())) {
		return v
	}
	for i := range s.NumFields() {
		if strings.HasSuffix(r.path, "."+s.Field(i).Name()) {
			if stored := t.storedField(v, i); stored != nil {
				return t.plain(stored)
			}
		}
	}
	return nil // some field of it
}

// storedField is what is put into a field of a struct that is a variable of the function, nil if that is not known.
func (t *handles) storedField(x ssa.Value, field int) ssa.Value {
	a, ok := t.plain(x).(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out ssa.Value
	for _, ref := range *a.Referrers() {
		at, ok := ref.(*ssa.FieldAddr)
		if !ok || at.Field != field {
			continue
		}
		for _, use := range *at.Referrers() {
			if s, ok := use.(*ssa.Store); ok && s.Addr == at {
				if out != nil {
					return nil // one of several
				}
				out = s.Val
			}
		}
	}
	return out
}

// onTopOf reports whether a is a pool that takes its connections from b: stdlib.OpenDBFromPool(b).
func (t *handles) onTopOf(a, b ssa.Value) bool {
	call := program.ResultOf(a)
	if call == nil {
		return false
	}
	obj, _ := program.Callee(call)
	if row := t.Cat.Func(obj); row != nil && row.Wraps() {
		return t.sameValue(program.WorksOn(call, row), b, program.MaxUses*2)
	}
	for _, arg := range call.Call.Args { // sql.OpenDB(stdlib.GetPoolConnector(b))
		if made := program.ResultOf(t.plain(arg)); made != nil {
			if obj, _ := program.Callee(made); catalog.PoolConnector(obj) && t.sameValue(made.Call.Args[0], b, program.MaxUses*2) {
				return true
			}
		}
	}
	return false
}

// builtHere reports whether a value is what a constructor returns in the same function.
func (t *handles) builtHere(v ssa.Value) bool {
	call := program.ResultOf(v)
	return call != nil && slices.ContainsFunc(t.Built, func(b limit.Built) bool { return b.Call == ssa.CallInstruction(call) })
}

// sameHandle reports whether both are one variable, or one field of one value.
func (t *handles) sameHandle(a, b poolRef) bool {
	if a.value != nil && b.value != nil && t.sameValue(a.value, b.value, program.MaxUses*2) {
		return a.path == b.path || a.path == "" || b.path == ""
	}
	return a.path != "" && a.path == b.path && strings.Count(lastType(a.path), ".") == 0 // a package variable, or what a getter returns
}

// lastType is the part of a path behind the package: "Repo.db", "Pool", "Conn()".
func lastType(path string) string {
	rest := path[strings.LastIndexByte(path, '/')+1:]
	if _, after, ok := strings.Cut(rest, "."); ok {
		return after
	}
	return rest
}

// sameValue reports whether two values are the same by their form: one parameter, one variable, one field of such.
func (t *handles) sameValue(a, b ssa.Value, depth int) bool {
	a, b = t.plain(a), t.plain(b)
	if a == b {
		return true
	}
	if depth == 0 {
		return false
	}
	x, i, ok := program.FieldOf(a)
	y, j, too := program.FieldOf(b)
	return ok && too && i == j && types.Identical(program.Pointee(x.Type()), program.Pointee(y.Type())) && t.sameValue(x, y, depth-1)
}

// otherInstance reports whether the two are two parameters of one function, or one field of two such: src.db and dst.db.
func (t *handles) otherInstance(a, b poolRef) bool {
	if a.path != b.path || a.value == nil || b.value == nil {
		return false
	}
	x, y := t.holderOf(a.value), t.holderOf(b.value)
	_, xp := x.(*ssa.Parameter)
	_, yp := y.(*ssa.Parameter)
	return xp && yp && x != y && x.Parent() == y.Parent()
}

// holderOf is the value whose field a handle is, or the value itself.
func (t *handles) holderOf(v ssa.Value) ssa.Value {
	for range program.MaxUses * 2 {
		v = t.plain(v)
		x, _, ok := program.FieldOf(v)
		if !ok {
			return v
		}
		v = x
	}
	return v
}

// nameOf is the name of a handle: the last part of its path, or that of the variable it is in.
func (t *handles) nameOf(r poolRef) string {
	if r.path != "" {
		return r.path
	}
	if r.value == nil {
		return ""
	}
	v := t.plain(r.value)
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.Alloc:
		return v.Comment
	}
	return ""
}

// twoFields reports whether the paths are of a struct with two pools, and not of one field of it.
func (t *handles) twoFields(a, b poolRef) bool {
	if a.path == b.path {
		return false
	}
	for _, r := range []poolRef{a, b} {
		owner, ok := t.structAt(r.path)
		if ok && t.poolFields(owner, r.kind) > 1 {
			return true
		}
	}
	return false
}

// structAt finds the struct type of this package or of one it can see that a path names a field of.
func (t *handles) structAt(path string) (*types.Struct, bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || strings.HasSuffix(path, ")") {
		return nil, false
	}
	pkg, name, ok := cutLast(path[:i])
	if !ok {
		return nil, false // a package variable
	}
	scope := t.Pass.Pkg.Scope()
	if pkg != t.Pass.Pkg.Path() {
		k := slices.IndexFunc(t.Pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == pkg })
		if k < 0 {
			return nil, false // not imported here
		}
		scope = t.Pass.Pkg.Imports()[k].Scope()
	}
	obj := scope.Lookup(name)
	if obj == nil {
		return nil, false
	}
	s, ok := obj.Type().Underlying().(*types.Struct)
	return s, ok
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < strings.LastIndexByte(s, '/') || i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// poolFields counts the fields of a struct that are pools of a kind.
func (t *handles) poolFields(s *types.Struct, kind string) int {
	n := 0
	for f := range s.Fields() {
		if class := t.Cat.Type(f.Type()); class != nil && class.Resource == catalog.Pool && t.familyOfType(f.Type()) == kind {
			n++
		}
	}
	return n
}

// bySources compares where the handles come from, as far as this package shows.
func (t *handles) bySources(a, b poolRef) likeness {
	from, to := t.sources(a), t.sources(b)
	if len(from) == 0 || len(to) == 0 {
		return likely
	}
	common := slices.ContainsFunc(from, func(n origin.Node) bool { return slices.Contains(to, n) })
	switch {
	case common && len(from) == 1 && len(to) == 1 && a.path == b.path:
		return samePool
	case common:
		return likely
	case t.allBuilt(from) && t.allBuilt(to):
		return unlike // two constructors
	}
	return likely
}

// sources lists the nodes that a handle's values come from in the end.
func (t *handles) sources(r poolRef) []origin.Node {
	v := r.root
	if v == nil {
		v = r.value
	}
	if v == nil {
		return nil
	}
	var out []origin.Node
	for _, n := range t.Graph.Backward(t.Graph.Of(v)) {
		if t.Graph.IsSource(n) {
			out = append(out, n)
		}
	}
	return out
}

// allBuilt reports whether all nodes are results of constructors of this package.
func (t *handles) allBuilt(nodes []origin.Node) bool {
	for _, n := range nodes {
		if !slices.ContainsFunc(t.Built, func(b limit.Built) bool { return t.Graph.OfCall(b.Call, b.Row.Result) == n }) {
			return false
		}
	}
	return true
}
