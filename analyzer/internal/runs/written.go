package runs

import (
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Locate is where a value was loaded from, also by a method of the package that looks it up.
func (ix *Index) Locate(v ssa.Value) (repeat.Location, bool) {
	if e, ok := v.(*ssa.Extract); ok {
		v = e.Tuple
	}
	if call, ok := v.(*ssa.Call); ok {
		if fn := call.Call.StaticCallee(); fn != nil && fn.Pkg == ix.Pkg {
			for _, r := range program.ReturnsOf(fn) {
				if at, ok := repeat.LocationOf(r.Results[0]); ok {
					return at, true
				}
			}
		}
	}
	return repeat.LocationOf(v)
}

// Written is how fn, its literals, and what the call runs write to a location.
func (ix *Index) Written(fn *ssa.Function, call ssa.CallInstruction, at repeat.Location) repeat.Write {
	found := writtenIn(program.Outermost(fn), at)
	_, direct := program.Callee(call)
	for range program.MaxUses {
		if direct == nil || direct.Pkg != ix.Pkg {
			break // its variables are others
		}
		found = max(found, writtenIn(direct, at))
		direct = ix.buildsBy(direct)
	}
	return found
}

func writtenIn(fn *ssa.Function, at repeat.Location) repeat.Write {
	found := repeat.NoWrite
	for _, f := range program.Family(fn) {
		found = max(found, repeat.WriteTo(f, at))
	}
	return found
}
