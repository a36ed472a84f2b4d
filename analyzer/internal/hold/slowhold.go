package hold

import (
	"cmp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/slow"
)

// SlowHold is a place where something slow is done while a connection is held.
type SlowHold struct {
	At     ssa.Instruction
	Slow   fact.Slow
	Holder Holder
	Lock   ssa.Instruction // the call that may be under way while the lock is held, for a lock that is waited for
	Waits  bool            // a second connection is wanted there, too
}

// slowIn looks at an instruction that is executed while a connection is held.
func (h *Finder) slowIn(held holding, m release.Moment) {
	in, via := m.At, m.Via
	if call, ok := in.(ssa.CallInstruction); ok && h.looksItself(call, m) {
		return // it is told inside the callee
	}
	s := h.SlowAt(in)
	var lock ssa.Instruction
	if s == nil {
		if s, lock = h.LockAt(in); s == nil {
			return
		}
	}
	if call, ok := in.(ssa.CallInstruction); ok && s.What == slow.Lock && len(s.Chain) > 0 && h.ownLock(call, m) {
		return // nobody else is in its way
	}
	if via != nil {
		c := *s
		c.Chain = append([]string{h.NameOf(via)}, c.Chain...)
		in, s = via, &c
	}
	h.slowHolds = append(h.slowHolds, &SlowHold{At: in, Slow: *s, Holder: held.Holder, Lock: lock})
}

// ownLock reports whether a call locks an object that this function has made, or that what is held belongs to.
func (h *Finder) ownLock(call ssa.CallInstruction, m release.Moment) bool {
	recv := program.GivenFor(call, 0)
	if recv == nil {
		return false // a package variable's
	}
	if m.Given.Has(0) {
		return true
	}
	switch h.HolderOf(recv).(type) {
	case *ssa.Parameter, *ssa.Global, *ssa.FreeVar:
		return false
	}
	return true
}

// looksItself reports whether a callee is given what is held as a parameter that it is looked at for by itself.
func (h *Finder) looksItself(call ssa.CallInstruction, m release.Moment) bool {
	obj, _ := h.Callee(call)
	if obj == nil || h.Cat.Func(obj) != nil {
		return false
	}
	params := obj.Signature().Params()
	first := 0
	if obj.Signature().Recv() != nil {
		first = 1
	}
	for i := range params.Len() {
		if m.Given.Has(first+i) && named(params.At(i)) && h.heldType(params.At(i).Type()) != nil {
			return true
		}
	}
	return false
}

// maySlow reports whether a function does something slow somewhere, so that following its parameters is worth the work.
func (h *Finder) maySlow(fn *ssa.Function) bool {
	return h.SlowOf(fn) != nil || program.HasInstr(fn, func(in ssa.Instruction) bool { s, _ := h.LockAt(in); return s != nil })
}

// FoundSlow lists what is slow by position, one holder for each place: a transaction before the connection that it is on, and
// either before rows.
func (h *Finder) FoundSlow() []*SlowHold {
	weight := func(s *SlowHold) int {
		switch s.Holder.Resource {
		case catalog.Tx:
			return 0
		case catalog.Conn, catalog.Conns:
			return 1
		}
		return 2
	}
	waits := map[ssa.Instruction]bool{}
	for _, w := range h.waits {
		waits[w.At] = true
	}
	for _, s := range h.slowHolds {
		s.Waits = waits[s.At]
	}
	slices.SortStableFunc(h.slowHolds, func(a, b *SlowHold) int {
		return cmp.Or(cmp.Compare(diag.PosOf(a.At), diag.PosOf(b.At)), cmp.Compare(weight(a), weight(b)), cmp.Compare(a.Holder.Pos(), b.Holder.Pos()))
	})
	return slices.CompactFunc(h.slowHolds, func(a, b *SlowHold) bool { return a.At == b.At })
}
