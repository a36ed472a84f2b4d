package handle

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

// Ref is a pool as one place of the package knows it.
type Ref struct {
	Value ssa.Value // the handle, or what leads to it; nil if another package has it
	Root  ssa.Value // the handle of the library's call, if that stands in this package
	Kind  string    // see FamilyOf
	Path  string    // see PathOf
}

// Likeness is how much two handles look like one pool.
type Likeness uint8

const (
	Unlike   Likeness = iota // something shows two pools, or nothing can be said
	Likely                   // nothing shows two
	SamePool                 // something shows one
)

// Compare says whether two handles are of one pool. Most programs have one pool that is reached through many handles, so two
// handles of one kind are likely one unless something shows two: fields of one struct, constructors, roles in their names, a
// collection of pools.
func (h *Handles) Compare(a, b Ref) Likeness {
	a, b = h.preparedOn(a), h.preparedOn(b)
	x, y := h.resolve(a), h.resolve(b)
	if x != nil && y != nil && (h.SameValue(x, y, program.MaxUses*2) || h.onTopOf(x, y) || h.onTopOf(y, x)) {
		return SamePool
	}
	switch {
	case a.Kind != b.Kind && a.Kind != "" && b.Kind != "":
		return Unlike // pgxpool beside database/sql
	case a.Path == Elements || b.Path == Elements:
		return Unlike // one of many: which, is not known
	case h.sameHandle(a, b):
		return SamePool
	case h.builtHere(x) || h.builtHere(y):
		return Unlike // a constructor in sight, and something else
	case h.otherInstance(a, b), RoleOf(h.RefName(a)) != RoleOf(h.RefName(b)), h.twoFields(a, b):
		return Unlike
	}
	return h.bySources(a, b)
}

// preparedOn is the pool of a statement that the function prepares, and the handle itself otherwise.
func (h *Handles) preparedOn(r Ref) Ref {
	if r.Value == nil {
		return r
	}
	call := program.ResultOf(h.Plain(r.Value))
	if call == nil {
		return r // it comes from somewhere else
	}
	obj, _ := program.Callee(call)
	row := h.Cat.Func(obj)
	if row == nil || row.Resource != catalog.Stmt || row.Kind != catalog.Acquire || !row.Transient {
		return r // not a statement, or one of a connection
	}
	on := program.WorksOn(call, row)
	if on == nil {
		return r // which pool is not known
	}
	return Ref{Value: on, Root: on, Kind: r.Kind, Path: h.PathOf(on)}
}

// resolve is the handle itself, as far as its function shows: the pool that was put into a struct, where the handle is that
// struct and the path a field of it. It is nil if another function has the handle.
func (h *Handles) resolve(r Ref) ssa.Value {
	if r.Value == nil {
		return nil
	}
	v := h.Plain(r.Value)
	if x, i, ok := program.FieldOf(v); ok {
		if stored := h.storedField(x, i); stored != nil {
			return h.Plain(stored)
		}
		return v
	}
	s, ok := program.Pointee(v.Type()).Underlying().(*types.Struct)
	if !ok || h.Whole(program.Pointee(v.Type())) {
		return v
	}
	for i := range s.NumFields() {
		if strings.HasSuffix(r.Path, "."+s.Field(i).Name()) {
			if stored := h.storedField(v, i); stored != nil {
				return h.Plain(stored)
			}
		}
	}
	return nil // some field of it
}

// storedField is what is put into a field of a struct that is a variable of the function, nil if that is not known.
func (h *Handles) storedField(x ssa.Value, field int) ssa.Value {
	a, ok := h.Plain(x).(*ssa.Alloc)
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
func (h *Handles) onTopOf(a, b ssa.Value) bool {
	call := program.ResultOf(a)
	if call == nil {
		return false
	}
	obj, _ := program.Callee(call)
	if row := h.Cat.Func(obj); row != nil && row.Wraps() {
		return h.SameValue(program.WorksOn(call, row), b, program.MaxUses*2)
	}
	for _, arg := range call.Call.Args { // sql.OpenDB(stdlib.GetPoolConnector(b))
		if made := program.ResultOf(h.Plain(arg)); made != nil {
			if obj, _ := program.Callee(made); catalog.PoolConnector(obj) && h.SameValue(made.Call.Args[0], b, program.MaxUses*2) {
				return true
			}
		}
	}
	return false
}

// BuiltBy reports whether a handle is what a constructor returns in a function.
func (h *Handles) BuiltBy(fn *ssa.Function, v ssa.Value) bool {
	if v = h.Plain(v); !h.builtHere(v) {
		return false
	}
	return program.ResultOf(v).Parent() == fn
}

// builtHere reports whether a value is what a constructor returns in the same function.
func (h *Handles) builtHere(v ssa.Value) bool {
	call := program.ResultOf(v)
	return call != nil && slices.ContainsFunc(h.Built, func(b limit.Built) bool { return b.Call == ssa.CallInstruction(call) })
}

// sameHandle reports whether both are one variable, or one field of one value.
func (h *Handles) sameHandle(a, b Ref) bool {
	if a.Value != nil && b.Value != nil && h.SameValue(a.Value, b.Value, program.MaxUses*2) {
		return a.Path == b.Path || a.Path == "" || b.Path == ""
	}
	return a.Path != "" && a.Path == b.Path && strings.Count(lastType(a.Path), ".") == 0 // a package variable, or what a getter returns
}

// lastType is the part of a path behind the package: "Repo.db", "Pool", "Conn()".
func lastType(path string) string {
	rest := path[strings.LastIndexByte(path, '/')+1:]
	if _, after, ok := strings.Cut(rest, "."); ok {
		return after
	}
	return rest
}

// SameValue reports whether two values are the same by their form: one parameter, one variable, one field of such.
func (h *Handles) SameValue(a, b ssa.Value, depth int) bool {
	a, b = h.Plain(a), h.Plain(b)
	if a == b {
		return true
	}
	if depth == 0 {
		return false
	}
	x, i, ok := program.FieldOf(a)
	y, j, too := program.FieldOf(b)
	return ok && too && i == j && types.Identical(program.Pointee(x.Type()), program.Pointee(y.Type())) && h.SameValue(x, y, depth-1)
}

// otherInstance reports whether the two are two parameters of one function, or one field of two such: src.db and dst.db.
func (h *Handles) otherInstance(a, b Ref) bool {
	if a.Path != b.Path || a.Value == nil || b.Value == nil {
		return false
	}
	x, y := h.HolderOf(a.Value), h.HolderOf(b.Value)
	_, xp := x.(*ssa.Parameter)
	_, yp := y.(*ssa.Parameter)
	return xp && yp && x != y && x.Parent() == y.Parent()
}

// HolderOf is the value whose field a handle is, or the value itself.
func (h *Handles) HolderOf(v ssa.Value) ssa.Value {
	for range program.MaxUses * 2 {
		v = h.Plain(v)
		x, _, ok := program.FieldOf(v)
		if !ok {
			return v
		}
		v = x
	}
	return v
}

// RefName is the name of a handle: the last part of its path, or that of the variable it is in.
func (h *Handles) RefName(r Ref) string {
	if r.Path != "" {
		return r.Path
	}
	if r.Value == nil {
		return ""
	}
	v := h.Plain(r.Value)
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.Alloc:
		return v.Comment
	}
	return ""
}

// twoFields reports whether the paths are of a struct with two pools, and not of one field of it.
func (h *Handles) twoFields(a, b Ref) bool {
	if a.Path == b.Path {
		return false
	}
	for _, r := range []Ref{a, b} {
		owner, ok := h.structAt(r.Path)
		if ok && h.poolFields(owner, r.Kind) > 1 {
			return true
		}
	}
	return false
}

// structAt finds the struct type of this package or of one it can see that a path names a field of.
func (h *Handles) structAt(path string) (*types.Struct, bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 || strings.HasSuffix(path, ")") {
		return nil, false
	}
	pkg, name, ok := cutLast(path[:i])
	if !ok {
		return nil, false // a package variable
	}
	scope := h.Pass.Pkg.Scope()
	if pkg != h.Pass.Pkg.Path() {
		k := slices.IndexFunc(h.Pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == pkg })
		if k < 0 {
			return nil, false // not imported here
		}
		scope = h.Pass.Pkg.Imports()[k].Scope()
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
func (h *Handles) poolFields(s *types.Struct, kind string) int {
	n := 0
	for f := range s.Fields() {
		if class := h.Cat.Type(f.Type()); class != nil && class.Resource == catalog.Pool && h.FamilyOfType(f.Type()) == kind {
			n++
		}
	}
	return n
}

// bySources compares where the handles come from, as far as this package shows.
func (h *Handles) bySources(a, b Ref) Likeness {
	from, to := h.Sources(a), h.Sources(b)
	if len(from) == 0 || len(to) == 0 {
		return Likely
	}
	common := slices.ContainsFunc(from, func(n origin.Node) bool { return slices.Contains(to, n) })
	switch {
	case common && len(from) == 1 && len(to) == 1 && a.Path == b.Path:
		return SamePool
	case common:
		return Likely
	case h.AllBuilt(from) && h.AllBuilt(to):
		return Unlike // two constructors
	}
	return Likely
}

// Sources lists the nodes that a handle's values come from in the end.
func (h *Handles) Sources(r Ref) []origin.Node {
	v := r.Root
	if v == nil {
		v = r.Value
	}
	if v == nil {
		return nil
	}
	var out []origin.Node
	for _, n := range h.Graph.Backward(h.Graph.Of(v)) {
		if h.Graph.IsSource(n) {
			out = append(out, n)
		}
	}
	return out
}

// AllBuilt reports whether all nodes are results of constructors of this package.
func (h *Handles) AllBuilt(nodes []origin.Node) bool {
	for _, n := range nodes {
		if !slices.ContainsFunc(h.Built, func(b limit.Built) bool { return h.Graph.OfCall(b.Call, b.Row.Result) == n }) {
			return false
		}
	}
	return true
}
