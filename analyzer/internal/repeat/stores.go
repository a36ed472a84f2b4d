package repeat

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A Write says how a function writes to a location.
type Write uint8

// The ways to write, the most telling last.
const (
	NoWrite     Write = iota
	FailedWrite       // only after something has failed
	CopyWrite         // to the field of a copy of the receiver: it is gone when the function returns
	RealWrite         // a value that is not nil, an element, or by whoever is given the address
)

// WriteTo returns how the instructions of fn, without its literals, write to a location.
func WriteTo(fn *ssa.Function, l Location) Write {
	found := NoWrite
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			found = max(found, writeOf(in, l))
		}
	}
	return found
}

func writeOf(in ssa.Instruction, l Location) Write {
	switch in := in.(type) {
	case *ssa.Store:
		if at, ok := LocationOf(in.Addr); !ok || at != l || isNil(in.Val) || emptyMap(in.Val) {
			return NoWrite
		}
		if onOwnFailure(in) {
			return FailedWrite
		}
		if copied(in.Addr) {
			return CopyWrite
		}
		return RealWrite
	case *ssa.MapUpdate:
		if isNil(in.Value) {
			return NoWrite
		}
		if at, ok := LocationOf(in.Map); ok && at == l {
			return RealWrite
		}
	case ssa.CallInstruction:
		return writeByCall(in, l)
	}
	return NoWrite
}

// onOwnFailure reports whether a store runs only after the call has failed that returned what is stored.
func onOwnFailure(in *ssa.Store) bool {
	made, ok := in.Val.(*ssa.Extract)
	return ok && onFailure(in, func(cond ssa.Value) bool { return refersTo(cond, made.Tuple) })
}

// refersTo reports whether a condition looks at a result of a call.
func refersTo(cond, call ssa.Value) bool {
	in, ok := cond.(ssa.Instruction)
	if !ok {
		return false
	}
	return slices.ContainsFunc(in.Operands(nil), func(op *ssa.Value) bool {
		e, ok := (*op).(*ssa.Extract)
		return ok && e.Tuple == call
	})
}

// emptyMap reports whether a value is a map that nothing is put into where it is made.
func emptyMap(v ssa.Value) bool {
	m, ok := v.(*ssa.MakeMap)
	if !ok {
		return false
	}
	for _, ref := range *m.Referrers() {
		if _, ok := ref.(*ssa.MapUpdate); ok {
			return false
		}
	}
	return true
}

// OnFailure reports whether an instruction runs only after something has failed.
func OnFailure(in ssa.Instruction) bool {
	return onFailure(in, func(ssa.Value) bool { return true })
}

func onFailure(in ssa.Instruction, of func(cond ssa.Value) bool) bool {
	for b := in.Block(); b.Idom() != nil; b = b.Idom() {
		d := b.Idom()
		cond, ok := lastIf(d)
		if !ok {
			continue
		}
		for i, s := range d.Succs {
			if len(s.Preds) == 1 && s.Dominates(in.Block()) && failure(cond, i == 0) && of(cond) {
				return true
			}
		}
	}
	return false
}

// writeByCall reports whether a call is given the address of the location, or calls a method of what is there that puts
// something in: Store, LoadOrStore, Add, Set.
func writeByCall(call ssa.CallInstruction, l Location) Write {
	common := call.Common()
	for i, a := range common.Args {
		at, ok := LocationOf(a)
		if !ok || at != l {
			continue
		}
		method := i == 0 && common.Signature().Recv() != nil
		switch a.(type) {
		case *ssa.Global, *ssa.FieldAddr:
			if !method {
				return RealWrite // open(&db)
			}
		}
		if method && puts(common.StaticCallee().Name()) {
			return RealWrite
		}
	}
	if common.IsInvoke() && puts(common.Method.Name()) {
		if at, ok := LocationOf(common.Value); ok && at == l {
			return RealWrite
		}
	}
	return NoWrite
}

// puts reports whether a method by its name puts something into a container or an atomic value.
func puts(method string) bool {
	if strings.HasPrefix(method, "SetMax") || strings.HasPrefix(method, "SetConn") {
		return false // limits of a pool
	}
	for _, prefix := range []string{"Store", "LoadOrStore", "Swap", "CompareAndSwap", "Add", "Set", "Put", "Insert", "GetOrAdd", "GetOrSet", "ContainsOrAdd"} {
		if strings.HasPrefix(method, prefix) {
			return true
		}
	}
	return false
}

// copied reports whether an address is of a field of a receiver or parameter that was passed by value.
func copied(addr ssa.Value) bool {
	f, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	local, ok := f.X.(*ssa.Alloc)
	if !ok || local.Heap {
		return false // it may live on
	}
	for _, ref := range *local.Referrers() {
		if s, ok := ref.(*ssa.Store); ok && s.Addr == local {
			if _, ok := s.Val.(*ssa.Parameter); ok {
				return true
			}
		}
	}
	return false
}

// Evicted reports whether fn takes elements out of the container at a location, or looks at how many it has.
func Evicted(fn *ssa.Function, l Location) bool {
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			common := call.Common()
			takes := false
			switch callee := common.Value.(type) {
			case *ssa.Builtin:
				takes = callee.Name() == "delete" || callee.Name() == "clear" || callee.Name() == "len"
			case *ssa.Function:
				name := callee.Name()
				takes = strings.HasPrefix(name, "Delete") || name == "LoadAndDelete" || strings.HasPrefix(name, "CompareAndDelete") || name == "Clear"
			}
			if !takes || len(common.Args) == 0 {
				continue
			}
			if at, ok := LocationOf(common.Args[0]); ok && at == l {
				return true
			}
		}
	}
	return false
}
