package release

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// onlyUses reports whether a value is plainly used and neither released nor handed on: all that is done with it are calls of
// methods that release nothing, and calls of functions that do no more. It looks at no path, so it is cheap; false means that
// the paths have to be followed.
func (p *Paths) onlyUses(v ssa.Value, class catalog.Class, depth int) bool {
	if depth == 0 || v.Referrers() == nil {
		return false
	}
	for _, ref := range *v.Referrers() {
		switch in := ref.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
			// mentioned, or compared with nil
		case *ssa.ChangeInterface, *ssa.MakeInterface:
			if !p.onlyUses(ref.(ssa.Value), class, depth) {
				return false
			}
		case ssa.CallInstruction:
			if !p.onlyUsesIn(in, v, class, depth) {
				return false
			}
		default:
			return false // stored, returned, or a field of it is used
		}
	}
	return true
}

// onlyUsesIn is onlyUses for one call that is given the value.
func (p *Paths) onlyUsesIn(call ssa.CallInstruction, v ssa.Value, class catalog.Class, depth int) bool {
	common := call.Common()
	args := common.Args
	if common.IsInvoke() {
		args = append([]ssa.Value{common.Value}, args...)
	}
	if common.Value == v && !common.IsInvoke() {
		return false // it is called
	}
	obj, fn := program.Callee(call)
	for i, a := range args {
		if a != v {
			continue // another argument
		}
		row := p.RowOf(obj, call)
		switch {
		case row != nil && i == 0 && row.Recv != "":
			frees := slices.ContainsFunc(class.Freed, func(e catalog.Event) bool { return e.Method == obj.Name() })
			if frees || row.Alias {
				return false
			}
		case row != nil:
			if row.Kind == catalog.Consume || row.Kind == catalog.Construct || row.Alias || row.Resource == catalog.Pool {
				return false
			}
		case p.Analyzed(fn) && i < len(fn.Params):
			if !p.onlyUses(fn.Params[i], class, depth-1) {
				return false
			}
		default:
			out, ok := p.importedEffect(obj, i, "", class)
			if obj == nil || !ok || !obligation.All(out, obligation.Held) || len(out) != 1 || len(out[0].At) > 0 {
				return false
			}
		}
	}
	return true
}
