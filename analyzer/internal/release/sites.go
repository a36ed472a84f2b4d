package release

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// sitesAt returns what a call leaves with its caller, by the catalog or by what is known of the callee.
func (p *Paths) sitesAt(call ssa.CallInstruction) []*Site {
	obj, fn := program.Callee(call)
	if row := p.RowOf(obj, call); row != nil {
		if s := p.rowSite(call, row); s != nil {
			return []*Site{s}
		}
		return nil // the catalog says that nothing is held after it
	}
	var owned []fact.Owned
	assumed := false
	switch {
	case p.Analyzed(fn):
		owned = p.info(fn).owned
	case call.Common().IsInvoke():
		owned, assumed = p.ownedByImplementations(obj)
	case obj != nil:
		if f := p.Facts.Func(obj); f != nil {
			owned = f.Owned
		}
	}
	var out []*Site
	for i := range owned {
		if s := p.wrapperSite(call, &owned[i]); s != nil {
			s.Assumed = assumed
			out = append(out, s)
		}
	}
	return out
}

// rowSite makes a site of a cataloged call, nil if it leaves nothing that has to be released.
func (p *Paths) rowSite(call ssa.CallInstruction, row *catalog.Row) *Site {
	if row.Kind != catalog.Acquire && row.Kind != catalog.Construct || !row.Resource.Obliges() {
		return nil
	}
	switch {
	case row.Result < 0:
		return nil // the receiver holds it: followed by no rule yet
	case row.Resource == catalog.Batch && row.Func == "Tx", row.Func == "Tx" && row.Recv == "BatchResults":
		return nil // it is the batch by another name, followed with the batch
	case row.Resource == catalog.Stmt && row.Recv == "*Tx":
		return nil // a transaction closes its statements when it ends
	}
	s := &Site{
		Call: call, Holds: row.Holds, CtxFrees: row.CtxFrees, From: row.Name(), Row: row,
		Class:     p.classOf(call, row),
		parentArg: -1, ctxArg: -1,
	}
	s.Holder, s.Discarded = holder(call, row.Result)
	s.fromParams(row)
	return s
}

// classOf is the class of what a row leaves: that of its type, so that helpers which take the type know it, unless the row
// says that something else frees it.
func (p *Paths) classOf(call ssa.CallInstruction, row *catalog.Row) catalog.Class {
	own := catalog.Class{Resource: row.Resource, Freed: row.Freed}
	results := call.Common().Signature().Results()
	if row.Result >= results.Len() {
		return own
	}
	class := p.Cat.Type(results.At(row.Result).Type())
	if class == nil || class.Resource != row.Resource || len(row.Freed) == 0 {
		return own // without events only a consumer frees it, whatever frees others of the type
	}
	for _, e := range row.Freed {
		if !slices.Contains(class.Freed, e) {
			return own
		}
	}
	return *class
}

// fromParams notes which parameter of the enclosing function is the parent, and which the context.
func (s *Site) fromParams(row *catalog.Row) {
	fn := s.Call.Parent()
	common := s.Call.Common()
	if row.Holds == catalog.Parent || row.Holds == catalog.SlotIfPool {
		recv := common.Value
		if given := origin.Given(s.Call); len(given) > 0 {
			recv = given[0]
		}
		if row.Handle > 0 && row.Handle <= len(common.Args) {
			recv = common.Args[row.Handle-1]
		}
		s.parentArg = paramIndex(fn, recv)
	}
	for _, a := range common.Args {
		if program.IsContext(a.Type()) {
			s.ctxArg = paramIndex(fn, a)
			break
		}
	}
}

// paramIndex returns which parameter of fn a value is, also through an embedded field; -1 if it is none.
func paramIndex(fn *ssa.Function, v ssa.Value) int {
	for {
		switch x := program.Bare(v).(type) {
		case *ssa.Parameter:
			return slices.Index(fn.Params, x)
		case *ssa.UnOp:
			f, ok := x.X.(*ssa.FieldAddr)
			if !ok {
				return -1
			}
			v = f.X
		default:
			return -1
		}
	}
}

// wrapperSite makes a site of a call of the program's own that leaves something with its caller.
func (p *Paths) wrapperSite(call ssa.CallInstruction, o *fact.Owned) *Site {
	s := &Site{
		Call: call, Class: o.Class, Holds: o.Holds, CtxFrees: o.CtxFrees, From: o.From, owned: o, parentArg: -1, ctxArg: -1,
	}
	if len(o.Outcomes) == 0 {
		return nil
	}
	index, ok := s.locate(p, call, o)
	if !ok {
		return nil // nothing of that type can release it: whoever made it keeps the debt
	}
	if s.Out == nil {
		s.Holder, s.Discarded = holder(call, index)
	}
	fn, args := call.Parent(), call.Common().Args
	if call.Common().IsInvoke() {
		args = append([]ssa.Value{call.Common().Value}, args...)
	}
	if o.Parent >= 0 && o.Parent < len(args) {
		s.parentArg = paramIndex(fn, args[o.Parent])
	}
	if o.Ctx >= 0 && o.Ctx < len(args) {
		s.ctxArg = paramIndex(fn, args[o.Ctx])
	}
	return s
}

// locate finds where the call leaves the resource: in a result, in an argument, or behind a function that releases it. ok is
// false if its caller cannot release it there.
func (s *Site) locate(p *Paths, call ssa.CallInstruction, o *fact.Owned) (index int, ok bool) {
	first := o.Outcomes[0]
	for _, at := range first.At {
		if at.Path != "" && !p.carries(call, o, at) {
			continue // the caller cannot release it there
		}
		s.Wrapper = at.Path != "" && at.Path != deref
		if at.Of == obligation.Param {
			s.Out = program.GivenFor(call, at.Index)
			return -1, s.Out != nil
		}
		return at.Index, true
	}
	results := call.Common().Signature().Results()
	for _, r := range first.Releasers {
		if r.Path == "" {
			s.Releaser = len(first.At) == 0
			return r.Index, true
		}
		if r.Index < results.Len() && p.hasCloser(results.At(r.Index).Type(), r.Path, funcClass) {
			s.Wrapper = true
			return r.Index, true
		}
	}
	return -1, false
}

// WithError reports whether the program's own function that is called may leave the resource with its caller and return an
// error all the same.
func (s *Site) WithError() bool {
	results := s.Call.Common().Signature().Results()
	last := results.Len() - 1
	if s.owned == nil || last < 1 || !program.IsError(results.At(last).Type()) {
		return false
	}
	return slices.ContainsFunc(s.owned.Outcomes, func(o obligation.Outcome) bool {
		return !slices.Contains(o.When, obligation.Cond{Of: obligation.Result, Index: last, Is: obligation.Nil})
	})
}

// carries reports whether a value of the program's own type around a resource has to be closed by whoever has it: the type
// has a method that releases the resource, or the field is there for all to use. A statement or a pool in a struct belongs to
// the struct, which usually lives as long as the process.
func (p *Paths) carries(call ssa.CallInstruction, o *fact.Owned, at obligation.Place) bool {
	results := call.Common().Signature().Results()
	var t types.Type
	switch {
	case at.Of == obligation.Param:
		t = argType(call, at.Index)
	case at.Index < results.Len():
		t = results.At(at.Index).Type()
	}
	if t == nil || at.Path == deref {
		return t != nil // a variable of the caller's that is filled in
	}
	if slices.ContainsFunc(o.Methods, func(m fact.Method) bool {
		return m.Path == at.Path && obligation.Any(m.Outcomes, obligation.Released)
	}) {
		return true
	}
	switch o.Class.Resource {
	case catalog.Tx, catalog.Rows, catalog.Line, catalog.Batch:
		return p.hasCloser(t, at.Path, o.Class) || p.openField(t, at.Path)
	case catalog.Conn:
		return p.hasCloser(t, at.Path, o.Class)
	}
	return false
}

// openField reports whether whoever has a value of the type can name the field at the path.
func (p *Paths) openField(t types.Type, path string) bool {
	i, ok := strings.CutPrefix(path, ".")
	n, err := strconv.Atoi(i)
	if !ok || err != nil {
		return false // deeper than one field
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || n >= s.NumFields() {
		return false
	}
	return s.Field(n).Exported()
}

// holder returns the value of the result that holds the resource, and whether it is not used at all.
func holder(call ssa.CallInstruction, index int) (v ssa.Value, discarded bool) {
	c, ok := call.(*ssa.Call)
	if !ok {
		return nil, true // go or defer
	}
	if call.Common().Signature().Results().Len() == 1 {
		return c, !program.Used(c)
	}
	for _, ref := range *c.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == index {
			return e, !program.Used(e)
		}
	}
	return nil, true
}

// argType is the type of what is given for parameter i, the receiver being number 0 of a method.
func argType(call ssa.CallInstruction, i int) types.Type {
	if v := program.GivenFor(call, i); v != nil {
		return v.Type()
	}
	return nil
}
