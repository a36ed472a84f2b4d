package hold

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// inHooks looks at the functions that a pool runs to make or to hand out a connection: one that asks the pool for another
// needs two at once.
func (h *Finder) inHooks() {
	for _, fn := range h.Funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				store, ok := in.(*ssa.Store)
				if !ok {
					continue
				}
				addr, ok := store.Addr.(*ssa.FieldAddr)
				if !ok {
					continue
				}
				owner, field := program.StructField(addr)
				if field == nil || !catalog.PoolHook(owner, field.Name()) {
					continue
				}
				if hook := h.Function(store.Val); h.Analyzed(hook) {
					h.hook(hook, field.Name(), handle.Ref{Value: addr.X, Kind: catalog.Family(owner.Pkg().Path())})
				}
			}
		}
	}
}

func (h *Finder) hook(fn *ssa.Function, name string, pool handle.Ref) {
	for call := range program.CallsOf(fn) {
		if _, isGo := call.(*ssa.Go); isGo {
			continue // it does not wait for it
		}
		for _, k := range h.ByCallee(call) {
			if !k.Busy && !k.Spawned && program.ParamOf(fn, k.HandleValue) < 0 {
				if to := h.Sources(h.RefOf(k)); len(to) > 0 && h.AllBuilt(to) && !h.Graph.Meet(pool.Value, k.Root) {
					continue // a pool that is built from another configuration
				}
				held := holding{Holder: Holder{Name: name, Resource: catalog.Conn}, pool: pool}
				h.addAs(InHook, held, call, k)
			}
		}
	}
}
