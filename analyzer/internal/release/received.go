package release

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Received follows a connection or a transaction that a call returns of which it is not known where it has it from: a context, a
// channel, a field. Nobody here owes anything for it, but it is held, from the call until somebody releases it or the function ends.
// An optional one is taken to be there.
func (p *Paths) Received(fn *ssa.Function, call *ssa.Call, index int, class catalog.Class) *Site {
	when := []obligation.Cond{{Index: index, Is: obligation.NotNil}}
	if !canBeNil(resultAt(call, index)) {
		when = nil
	}
	if last := call.Call.Signature().Results().Len() - 1; last > index {
		switch t := resultAt(call, last); {
		case program.IsError(t):
			when = append(when, obligation.Cond{Index: last, Is: obligation.Nil})
		case types.Identical(t.Underlying(), types.Typ[types.Bool]):
			when = append(when, obligation.Cond{Index: last, Is: obligation.True})
		}
	}
	s := &Site{Call: call, Class: class, Holds: catalog.Slot, parentArg: -1, ctxArg: -1}
	s.owned = &fact.Owned{Class: class, Holds: catalog.Slot, Ctx: -1, Parent: -1, Outcomes: []obligation.Outcome{{
		Status: obligation.Held, At: []obligation.Place{{Index: index}}, When: when,
	}}}
	s.Holder, s.Discarded = holder(call, index)
	q := p.newQuestion(fn, s)
	q.watched = true
	q.m.Run(fn, &hold{}, nil)
	s.Moments, s.Released = q.moments, q.released
	return s
}

func resultAt(call *ssa.Call, i int) types.Type { return call.Call.Signature().Results().At(i).Type() }

func canBeNil(t types.Type) bool {
	_, isStruct := t.Underlying().(*types.Struct)
	return !isStruct
}
