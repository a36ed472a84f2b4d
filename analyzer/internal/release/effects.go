package release

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/flow"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// funcClass is the class of a function value that releases something when it is called.
var funcClass = catalog.Class{Resource: "func"}

// valueClass is the class of whatever is given to a parameter of any type: such a function can only hand it on.
var valueClass = catalog.Class{Resource: "value"}

type effectKey struct {
	fn    *ssa.Function
	param int
	path  string
	class string
}

func classKey(c catalog.Class) string { return fmt.Sprint(c.Resource, c.Freed) }

// effect returns what a call does with the resource at a path of parameter i. ok is false if that is not known.
func (p *Paths) effect(c *flow.Call, i int, path string, class catalog.Class) (out []obligation.Outcome, ok bool) {
	if fn := c.Static; p.Analyzed(fn) {
		return p.effectOf(fn, i, path, class), true
	}
	if c.Object == nil {
		return nil, false
	}
	if c.Static == nil && c.Recv != nil {
		return p.effectOfImplementations(c.Object, i, path, class)
	}
	return p.importedEffect(c.Object, i, path, class)
}

// importedEffect looks the effect up in the facts of another package.
func (p *Paths) importedEffect(obj *types.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	if f := p.Facts.Func(obj); f != nil {
		return effectIn(f, i, path, class)
	}
	return nil, false
}

// effectIn returns what the function of a fact does with a resource of the class at a path of parameter i.
func effectIn(f *fact.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	var loose []obligation.Outcome
	for _, e := range f.Effects {
		if e.Param != i || e.Path != path {
			continue // about another parameter
		}
		switch {
		case e.Class.Resource == valueClass.Resource, classKey(e.Class) == classKey(class):
			return e.Outcomes, true
		case e.Class.Resource == class.Resource:
			loose = e.Outcomes // freed by other calls, as the rows of another library are
		}
	}
	return loose, loose != nil
}

// effectOf asks what a function of this package does. In a recursion the resource is taken to stay where it is.
func (p *Paths) effectOf(fn *ssa.Function, i int, path string, class catalog.Class) []obligation.Outcome {
	if i >= len(fn.Params) {
		return nil
	}
	key := effectKey{fn, i, path, classKey(class)}
	if out := p.effects[key]; out != nil {
		return *out
	}
	out := []obligation.Outcome{{Status: obligation.Held}}
	p.effects[key] = &out
	if path == "" && p.onlyUses(fn.Params[i], class, program.MaxUses) {
		return out // no path needs to be followed to see that
	}
	q := p.askParam(fn, fn.Params[i], path, class)
	out = q.outcomes
	if q.m.GaveUp {
		out = []obligation.Outcome{{Status: obligation.Escaped}}
	}
	return out
}

// ParamEffects lists what a function does with everything its parameters can bring.
func (p *Paths) ParamEffects(fn *ssa.Function) []fact.Effect {
	var out []fact.Effect
	for i, v := range fn.Params {
		for _, c := range p.candidates(v.Type()) {
			if !p.tells(fn, v, c) {
				continue // no caller learns anything from it
			}
			e := fact.Effect{Param: i, Path: c.path, Class: c.class, Outcomes: p.effectOf(fn, i, c.path, c.class)}
			if len(e.Outcomes) > 0 {
				out = append(out, e)
			}
		}
	}
	return out
}

// tells reports whether the effect on a parameter is worth finding out for other packages. What happens to a pool matters
// only where it is plain; a function that takes anything matters if it may return it.
func (p *Paths) tells(fn *ssa.Function, v *ssa.Parameter, c candidate) bool {
	switch c.class.Resource {
	case catalog.Pool:
		return p.onlyUses(v, c.class, program.MaxUses)
	case valueClass.Resource:
		results := fn.Signature.Results()
		for i := range results.Len() {
			if types.Identical(results.At(i).Type(), v.Type()) {
				return true
			}
		}
		return false
	}
	return true
}

// wrappers lists, by type, where functions of this package leave resources in the values they return or fill in.
func (p *Paths) wrappers() map[string][]candidate {
	if p.wrapped != nil {
		return p.wrapped
	}
	p.wrapped = map[string][]candidate{}
	for _, fn := range p.Funcs {
		for _, o := range p.info(fn).owned {
			for _, out := range o.Outcomes {
				for _, at := range out.At {
					p.wrap(fn, at, o.Class)
				}
				for _, at := range out.Releasers {
					p.wrap(fn, at, funcClass)
				}
			}
		}
	}
	return p.wrapped
}

func (p *Paths) wrap(fn *ssa.Function, at obligation.Place, class catalog.Class) {
	var t types.Type
	switch {
	case at.Path == "" || at.Path == deref:
		return // the resource itself
	case class.Resource == catalog.Pool || class.Resource == catalog.Stmt:
		return // it lives as long as the struct: see carries
	case at.Of == obligation.Param && at.Index < len(fn.Params):
		t = fn.Params[at.Index].Type()
	case at.Index < fn.Signature.Results().Len():
		t = fn.Signature.Results().At(at.Index).Type()
	default:
		return // not a place that callers see
	}
	c := candidate{at.Path, class}
	name := typeKey(t)
	if !slices.ContainsFunc(p.wrapped[name], func(d candidate) bool { return d.path == c.path && classKey(d.class) == classKey(class) }) {
		p.wrapped[name] = append(p.wrapped[name], c)
	}
}

// typeKey names a type, a pointer like what it points to.
func typeKey(t types.Type) string {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	return types.TypeString(t, nil)
}

// candidate is a resource that a parameter of a type can bring, and where in it.
type candidate struct {
	path  string
	class catalog.Class
}

// candidates lists what a value of a type can be or have in it.
func (p *Paths) candidates(t types.Type) []candidate {
	if c := p.Cat.Type(t); c != nil {
		return []candidate{{"", *c}}
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return p.behind(u)
	case *types.Signature:
		if u.Params().Len() == 0 {
			return []candidate{{"", funcClass}}
		}
	}
	return append(p.wrappers()[typeKey(t)], p.inside(t)...)
}

// behind lists the classes that could be behind an interface: those whose types have all its methods.
func (p *Paths) behind(u *types.Interface) []candidate {
	if u.NumMethods() == 0 {
		return []candidate{{"", valueClass}}
	}
	var out []candidate
	seen := map[string]bool{}
	for _, c := range p.Cat.Classes() {
		has := true
		for i := range u.NumMethods() {
			has = has && slices.Contains(c.Methods, u.Method(i).Name())
		}
		if key := classKey(c.Class); has && !seen[key] {
			seen[key] = true
			out = append(out, candidate{"", c.Class})
		}
	}
	return out
}

// MayBeBehind reports whether a resource could be behind an interface.
func (p *Paths) MayBeBehind(u *types.Interface) bool { return len(p.behind(u)) > 0 }

// inside lists the resources in the exported fields of a struct type of this package, which anybody can fill in.
func (p *Paths) inside(t types.Type) []candidate {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() != p.Pass.Pkg {
		return nil
	}
	s, ok := n.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var out []candidate
	for i := range s.NumFields() {
		f := s.Field(i)
		path := fmt.Sprintf(".%d", i)
		known := slices.ContainsFunc(p.wrappers()[typeKey(t)], func(c candidate) bool { return c.path == path })
		if c := p.Cat.Type(f.Type()); c != nil && c.Resource != catalog.Pool && f.Exported() && !known {
			out = append(out, candidate{path, *c})
		}
	}
	return out
}

type closerKey struct {
	name, path, class string
}

// hasCloser reports whether a type of the program's own has a method that may release the resource at a path in it, or leaves
// the field open to its users.
func (p *Paths) hasCloser(t types.Type, path string, class catalog.Class) bool {
	key := closerKey{types.TypeString(t, nil), path, classKey(class)}
	if v, ok := p.closers[key]; ok {
		return v
	}
	p.closers[key] = false // in a recursion
	v := p.findCloser(t, path, class)
	p.closers[key] = v
	return v
}

func (p *Paths) findCloser(t types.Type, path string, class catalog.Class) bool {
	if types.IsInterface(t) {
		// The type behind it is not known here; its methods are those that the interface gives its users.
		return slices.ContainsFunc(program.InterfaceMethods(t), func(m *types.Func) bool {
			out, ok := p.effectOfImplementations(m, 0, path, class)
			return ok && obligation.Any(out, obligation.Released)
		})
	}
	set := types.NewMethodSet(pointerTo(t))
	for i := range set.Len() {
		out, ok := p.methodEffect(t, set.At(i).Obj().Name(), path, class)
		if ok && obligation.Any(out, obligation.Released) {
			return true
		}
	}
	return false
}

// methodEffect is what the method of a concrete type does with the resource at a path in it. A promoted method acts on the
// embedded field.
func (p *Paths) methodEffect(t types.Type, name, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	obj, index, _ := types.LookupFieldOrMethod(pointerTo(t), true, p.Pass.Pkg, name)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil, false
	}
	for _, i := range index[:len(index)-1] {
		rest, inside := strings.CutPrefix(path, fmt.Sprintf(".%d", i))
		if !inside {
			return nil, false // the method belongs to another field
		}
		path = strings.TrimPrefix(rest, deref)
	}
	if path == "" {
		return byEvent(m, class), true
	}
	return p.effectOfObject(m, 0, path, class)
}

// byEvent is what a method of the resource itself does.
func byEvent(m *types.Func, class catalog.Class) []obligation.Outcome {
	n := m.Signature().Results().Len()
	for _, e := range class.Freed {
		if e.Method != m.Name() {
			continue
		}
		switch {
		case e.When == catalog.OnFalse && n > 0:
			return []obligation.Outcome{
				{Status: obligation.Released, When: []obligation.Cond{{Is: obligation.False}}},
				{Status: obligation.Held, When: []obligation.Cond{{Is: obligation.True}}},
			}
		case e.When == catalog.OnError && n > 0:
			return []obligation.Outcome{
				{Status: obligation.Released, When: []obligation.Cond{{Index: n - 1, Is: obligation.NotNil}}},
				{Status: obligation.Held, When: []obligation.Cond{{Index: n - 1, Is: obligation.Nil}}},
			}
		}
		return []obligation.Outcome{{Status: obligation.Released}}
	}
	return []obligation.Outcome{{Status: obligation.Held}}
}

func pointerTo(t types.Type) types.Type {
	if _, ok := types.Unalias(t).(*types.Pointer); ok {
		return t
	}
	return types.NewPointer(t)
}

// effectOfObject is the effect of a declared function, of this package or another.
func (p *Paths) effectOfObject(m *types.Func, i int, path string, class catalog.Class) ([]obligation.Outcome, bool) {
	if m.Pkg() == p.Pass.Pkg {
		fn := p.Pkg.Prog.FuncValue(m.Origin())
		if fn == nil || len(fn.Blocks) == 0 {
			return nil, false
		}
		return p.effectOf(fn, i, path, class), true
	}
	return p.importedEffect(m, i, path, class)
}
