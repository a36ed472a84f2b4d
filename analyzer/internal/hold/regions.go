package hold

import (
	"iter"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// byReceivers looks at what is done between two calls on one value, of which the first makes it hold a connection: the Begin and
// the Commit of a session, the next and the stop of an iterator that is pulled.
func (h *Finder) byReceivers(fn *ssa.Function) {
	for call := range program.CallsOf(fn) {
		obj, _ := program.Callee(call)
		switch {
		case take.HoldsReceiver(h.Cat.Func(obj)):
			h.region(holding{
				Holder: Holder{Receiver: call, Resource: catalog.Tx}, pool: h.madeOn(origin.Given(call)[0]), known: true,
			}, call, origin.Given(call)[0], endsTx)
		case catalog.Pulls(obj):
			h.pulled(call)
		}
	}
}

// endsTx reports whether a method ends a session's transaction.
func endsTx(name string) bool { return name == "Commit" || name == "Rollback" || name == "Close" }

// madeOn is the pool that a session was made on, as far as its function shows.
func (h *Finder) madeOn(session ssa.Value) handle.Ref {
	ref := handle.Ref{Kind: h.FamilyOfType(session.Type())}
	if made := program.ResultOf(h.Plain(session)); made != nil {
		if obj, _ := program.Callee(made); h.Cat.Func(obj) != nil && len(origin.Given(made)) > 0 {
			ref.Value = origin.Given(made)[0]
			ref.Path = h.PathOf(ref.Value)
		}
	}
	return ref
}

// region looks at the calls that come after one, up to a call on the same value that ends what began there.
func (h *Finder) region(held holding, from ssa.CallInstruction, v ssa.Value, ends func(string) bool) {
	for call := range h.between(from, v, ends) {
		m := release.Moment{At: call}
		for i, a := range origin.Given(call) {
			if h.SameValue(a, v, program.MaxUses) {
				m.Given |= 1 << i
			}
		}
		h.slowIn(held, m)
		h.call(held, call, m, release.Moments{})
	}
}

// between iterates over the calls that come after one, up to a call on the same value that ends what began there.
func (h *Finder) between(from ssa.CallInstruction, v ssa.Value, ends func(string) bool) iter.Seq[ssa.CallInstruction] {
	return func(yield func(ssa.CallInstruction) bool) {
		for call := range program.CallsOf(from.Parent()) {
			_, now := call.(*ssa.Call)
			if !now || call == from || !program.Before(from, call) || h.isEnd(call, v, ends) || h.endedBetween(from, call, v, ends) {
				continue // before it, after its end, or elsewhere
			}
			if !yield(call) {
				return
			}
		}
	}
}

// endedBetween reports whether what a call began is ended by another on the way to a third.
func (h *Finder) endedBetween(from, to ssa.CallInstruction, v ssa.Value, ends func(string) bool) bool {
	for call := range program.CallsOf(from.Parent()) {
		if _, now := call.(*ssa.Call); now && h.isEnd(call, v, ends) && program.Before(from, call) && program.Before(call, to) {
			return true
		}
	}
	return false
}

// isEnd reports whether a call is on the value and ends what began, or a call of the value itself.
func (h *Finder) isEnd(call ssa.CallInstruction, v ssa.Value, ends func(string) bool) bool {
	obj, _ := program.Callee(call)
	if obj == nil {
		return ends("") && h.SameValue(call.Common().Value, v, program.MaxUses)
	}
	given := origin.Given(call)
	return obj.Signature().Recv() != nil && ends(obj.Name()) && len(given) > 0 && h.SameValue(given[0], v, program.MaxUses)
}

// pulled looks at an iterator that holds a connection while it is pulled: from the first call of next to that of stop.
func (h *Finder) pulled(pull ssa.CallInstruction) {
	made := program.ResultOf(h.Plain(pull.Common().Args[0]))
	v, isCall := pull.(*ssa.Call)
	if made == nil || !isCall {
		return // it comes from elsewhere
	}
	var next, stop ssa.Value
	for _, ref := range *v.Referrers() {
		if e, ok := ref.(*ssa.Extract); ok && e.Index == 0 {
			next = e
		} else if ok {
			stop = e
		}
	}
	for _, l := range h.lendsBy(made) {
		k, ok := h.Mapped(made, l.Take)
		if !l.Returned || !ok || k.Busy || next == nil {
			continue // it holds nothing, or nobody pulls it
		}
		held := holding{Holder: Holder{Runner: made, Resource: k.What}, pool: h.RefOf(k), known: true}
		for call := range program.CallsOf(pull.Parent()) {
			if call.Common().Value == next {
				h.region(held, call, stop, func(name string) bool { return name == "" })
				return
			}
		}
	}
}
