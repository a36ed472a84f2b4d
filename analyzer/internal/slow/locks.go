package slow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Lock is what a call of Lock waits for.
const Lock = "a lock"

// LockAt says whether an instruction waits for a lock under which the package takes a connection or does something slow
// elsewhere, and returns the call that does.
func (fi *Finder) LockAt(in ssa.Instruction) (*fact.Slow, ssa.Instruction) {
	call, ok := in.(*ssa.Call)
	if !ok {
		return nil, nil
	}
	obj, _ := program.Callee(call)
	if !catalog.Locks(obj) && !catalog.ReadLocks(obj) {
		return nil, nil
	}
	if fi.underLocks == nil {
		fi.findLocks()
	}
	under := fi.underLocks[lockKey{fi.Graph.Of(lockOf(call)), false}]
	if under == nil && !catalog.ReadLocks(obj) {
		under = fi.underLocks[lockKey{fi.Graph.Of(lockOf(call)), true}]
	}
	if under == nil || under.Parent() == call.Parent() {
		return nil, nil // nothing slow is done under it elsewhere
	}
	return &fact.Slow{What: Lock, From: fi.NameOf(call), At: fi.Place(call.Common().Pos())}, under
}

func lockOf(call ssa.CallInstruction) ssa.Value { return origin.Given(call)[0] }

// lockKey is a lock that is held, for reading or else for writing.
type lockKey struct {
	node origin.Node
	read bool
}

// findLocks finds, for every lock, a call that takes a connection or is slow while the lock is held.
func (fi *Finder) findLocks() {
	fi.underLocks = map[lockKey]ssa.CallInstruction{}
	for _, fn := range fi.Funcs {
		for lock := range program.CallsOf(fn) {
			obj, _ := program.Callee(lock)
			if _, isCall := lock.(*ssa.Call); !isCall || !catalog.Locks(obj) && !catalog.ReadLocks(obj) {
				continue
			}
			n := lockKey{fi.Graph.Of(lockOf(lock)), catalog.ReadLocks(obj)}
			if fi.underLocks[n] != nil {
				continue // one is enough
			}
			for call := range program.CallsOf(fn) {
				if program.Before(lock, call) && !fi.unlockedBetween(fn, lock, call) && fi.takesOrWaits(call) {
					fi.underLocks[n] = call
					break
				}
			}
		}
	}
	clear(fi.slow) // what was found while the locks were not known
}

// takesOrWaits reports whether a call takes a connection of a pool or is slow.
func (fi *Finder) takesOrWaits(call ssa.CallInstruction) bool {
	if _, ok := call.(*ssa.Call); !ok {
		return false // later, or elsewhere
	}
	for _, k := range fi.ByCallee(call) {
		if !k.Busy && !k.Spawned {
			return true
		}
	}
	return fi.slowCall(call) != nil
}

// unlockedBetween reports whether a lock is given back between two instructions of a function.
func (fi *Finder) unlockedBetween(fn *ssa.Function, lock, to ssa.CallInstruction) bool {
	for c := range program.CallsOf(fn) {
		unlock, ok := c.(*ssa.Call)
		if !ok {
			continue // deferred: at the end
		}
		obj, _ := program.Callee(unlock)
		if catalog.Unlocks(obj) && fi.Graph.Of(lockOf(unlock)) == fi.Graph.Of(lockOf(lock)) && program.Before(lock, unlock) && program.Before(unlock, to) {
			return true
		}
	}
	return false
}
