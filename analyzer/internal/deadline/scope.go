package deadline

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
)

// anonymous stands for a context that the function has given no name.
const anonymous = "the caller's context"

// callersContext is the context of the caller that a call could be given, as an expression; empty if none is in scope, or if it
// may be over when the call runs.
func (d *Finder) callersContext(call ssa.CallInstruction) string {
	switch call.(type) {
	case *ssa.Go:
		if !d.JoinsOthers(call.Parent()) {
			return "" // the caller may be gone
		}
	case *ssa.Defer:
		return "" // it may have ended by then
	}
	for fn := call.Parent(); ; fn = fn.Parent() {
		for i, p := range fn.Params {
			if i == 0 && fn.Signature.Recv() != nil {
				continue // a context in a receiver is not one of this call
			}
			suffix, ok := catalog.CallersContext(p.Type())
			if !ok {
				continue // something else
			}
			if p.Name() == "" || p.Name() == "_" {
				return anonymous
			}
			return p.Name() + suffix
		}
		if fn.Parent() == nil || !d.RunsMeanwhile(fn) {
			return ""
		}
	}
}
