// Package bound judges what bounds how many of something run at once: semaphores, mutexes, the limits of groups, collections of a
// fixed length. It tells a bound from what only looks like one.
//
// It does not know what is to be bounded, nor how large a bound may be.
package bound

import (
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/limit"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Judge judges what bounds how many goroutines run at once.
type Judge struct{ *limit.Pools }

// New is asked with the pools of a package, as it needs the graph of its values.
func New(pools *limit.Pools) *Judge { return &Judge{Pools: pools} }

// Verdict is what is found out about a bound.
type Verdict struct {
	Bound int64 // how many run at once, if something bounds it to a constant; 0 if not
	Fake  *Fake // what looks like a bound and is none

	Recursive bool            // what is to be bounded starts more of its kind
	Made      ssa.Instruction // what makes the semaphore
}

// Accept judges a value as a bound: verdict gets a constant, or what is wrong with it.
func (j *Judge) Accept(v ssa.Value, at ssa.Instruction, verdict *Verdict) bool {
	if j.IsLength(v, program.MaxUses) {
		verdict.Fake = &Fake{AsMany, at}
		return false
	}
	for _, l := range j.Graph.Leaves(v) {
		if l.Value != nil && l.Value.Kind() == constant.Int {
			n, _ := constant.Int64Val(l.Value)
			if n < 0 {
				verdict.Fake = &Fake{Negative, at}
				return false
			}
			verdict.Bound = max(verdict.Bound, n)
		}
	}
	return true // a parameter, a field, a flag: somebody has thought of it
}

// IsLength reports whether a value is the length of a slice, a map or a string that is not constant.
func (j *Judge) IsLength(v ssa.Value, depth int) bool {
	switch v := v.(type) {
	case *ssa.Convert:
		return j.IsLength(v.X, depth)
	case *ssa.BinOp:
		return depth > 0 && (j.IsLength(v.X, depth-1) || j.IsLength(v.Y, depth-1))
	case *ssa.UnOp:
		if a, ok := v.X.(*ssa.Alloc); ok && depth > 0 {
			return slices.ContainsFunc(program.StoredIn(a), func(x ssa.Value) bool { return j.IsLength(x, depth-1) })
		}
	case *ssa.Call:
		b, ok := v.Call.Value.(*ssa.Builtin)
		if !ok || b.Name() != "len" && b.Name() != "max" {
			return false
		}
		if b.Name() == "max" {
			return depth > 0 && slices.ContainsFunc(v.Call.Args, func(x ssa.Value) bool { return j.IsLength(x, depth-1) })
		}
		_, fixed := j.FixedLength(v.Call.Args[0])
		return !fixed
	}
	return false
}

// FixedLength is the length of a literal, of an array, or of a slice of one.
func (j *Judge) FixedLength(v ssa.Value) (int64, bool) {
	switch v := v.(type) {
	case *ssa.Slice:
		if v.Low == nil && v.High == nil {
			return j.FixedLength(v.X)
		}
		if v.High != nil && v.Low == nil {
			if l := j.Graph.Leaves(v.High); len(l) == 1 && l[0].Value != nil {
				return constant.Int64Val(l[0].Value)
			}
		}
	case *ssa.Alloc:
		if array, ok := v.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
			return array.Len(), true
		}
	case *ssa.MakeMap:
		n := int64(0)
		for _, ref := range *v.Referrers() {
			if _, ok := ref.(*ssa.MapUpdate); ok {
				n++
			}
		}
		return n, n > 0
	case *ssa.UnOp:
		g, ok := v.X.(*ssa.Global)
		if !ok {
			return 0, false
		}
		if array, ok := g.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array); ok {
			return array.Len(), true
		}
		if only := j.Graph.OnlyStored(g); only != nil {
			return j.FixedLength(only)
		}
	}
	return 0, false
}

// OfChunk reports whether a collection is a part of another one of a constant size: lo.Chunk(ids, 8).
func (j *Judge) OfChunk(v ssa.Value, verdict *Verdict) bool {
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return false
	}
	at, ok := load.X.(*ssa.IndexAddr)
	if !ok {
		return false
	}
	parts, ok := at.X.(*ssa.Call)
	if !ok || len(parts.Call.Args) != 2 {
		return false
	}
	obj, _ := program.Callee(parts)
	return obj != nil && obj.Name() == "Chunk" && j.Accept(parts.Call.Args[1], parts, verdict)
}

// Fake is something that looks like a bound.
type Fake struct {
	Kind FakeKind
	At   ssa.Instruction
}

// FakeKind says why it is none.
type FakeKind uint8

// The fake bounds.
const (
	AsMany   FakeKind = iota // as large as what it is to bound
	Negative                 // a negative limit is no limit
	Late                     // the channel is sent to after the work
	Anew                     // each level of the recursion has its own
)
