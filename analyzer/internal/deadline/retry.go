package deadline

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// Retry is a call that takes a connection, in a loop that comes back after a failure at once, as often as it fails.
type Retry struct {
	Call  ssa.CallInstruction
	Take  fact.Take
	Given bool // it is in a function that the call is given, and runs again and again
}

// Retries lists the calls of the package that are retried without a pause and without a bound, in the order of the functions.
func (d *Finder) Retries() []*Retry {
	var out []*Retry
	for _, fn := range d.Funcs {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				call, ok := in.(*ssa.Call)
				if !ok {
					continue
				}
				if k := d.hammeredOn(call); k != nil {
					out = append(out, &Retry{Call: call, Take: *k, Given: true})
				} else if !d.hammers(call) {
					continue // it is not retried, or has a pause or a bound
				} else if k := d.askedFor(call); k != nil {
					out = append(out, &Retry{Call: call, Take: *k})
				}
			}
		}
	}
	return out
}

// hammeredOn is the connection that a call takes in a literal which it gives to a function of the package, if that function runs
// it again and again until it succeeds.
func (d *Finder) hammeredOn(call *ssa.Call) *fact.Take {
	_, fn := d.Callee(call)
	if !d.Analyzed(fn) {
		return nil // how it runs what it is given is not known
	}
	for i, a := range call.Call.Args {
		if lit := program.Literal(a); lit == nil || i >= len(fn.Params) || d.patientLiteral(lit) || !d.hammersParam(fn, fn.Params[i]) {
			continue
		}
		for _, k := range d.OfLiteral(call, program.Literal(a)) {
			if k.HandleValue != nil && !k.Busy && d.KindOf(k.HandleValue) != handle.NoPool {
				return &k.Take
			}
		}
	}
	return nil
}

func (d *Finder) patientLiteral(fn *ssa.Function) bool { return d.PausesWithin(fn, program.MaxUses) }

// hammersParam reports whether a function runs one that it is given until that succeeds, without a pause.
func (d *Finder) hammersParam(fn *ssa.Function, p *ssa.Parameter) bool {
	return program.HasInstr(fn, func(in ssa.Instruction) bool {
		call, ok := in.(*ssa.Call)
		return ok && !call.Call.IsInvoke() && d.IsParam(call.Call.Value, p) && d.hammers(call)
	})
}

// askedFor is the connection of a pool that a call takes, nil if it takes none.
func (d *Finder) askedFor(call *ssa.Call) *fact.Take {
	for _, k := range d.At(call) {
		if k.Inner || k.Busy || k.HandleValue == nil && len(k.Chain) == 0 {
			continue // it has one
		}
		if k.HandleValue != nil {
			if kind := d.KindOf(k.HandleValue); kind == handle.NoPool || kind == handle.CallersPool {
				continue // it may have one
			}
		}
		if !d.patient(call) {
			return &k.Take
		}
	}
	return nil
}

// hammers reports whether a loop comes back to a call after a failure without a pause, and nothing bounds the rounds.
func (d *Finder) hammers(call *ssa.Call) bool {
	if l, ok := repeat.Retry(call); ok {
		return !d.limited(l) && !d.pausesIn(l.Blocks, call) && !d.triesAnother(l)
	}
	l, back := repeat.Failed(call)
	return back != nil && !d.limited(l) && !d.pausesIn(back, call) && !d.triesAnother(l) && d.firstOfRound(call, l)
}

// limited reports whether something bounds the rounds of a loop: a count, a time, a context, or a function that is asked.
func (d *Finder) limited(l repeat.Loop) bool {
	if len(l.Trips()) > 0 || l.RangedMap() != nil {
		return true
	}
	return slices.ContainsFunc(l.Exits(), func(cond ssa.Value) bool { return d.limits(cond, program.MaxUses*2) })
}

// limits reports whether a condition depends on the time, on a context or on what a function says of anything but an error.
func (d *Finder) limits(v ssa.Value, depth int) bool {
	call, isCall := v.(*ssa.Call)
	if isCall {
		if obj, _ := program.Callee(call); isContextMethod(obj) {
			return true
		}
	}
	if depth == 0 || program.IsError(v.Type()) {
		return false // whether it failed
	}
	switch v := v.(type) {
	case *ssa.Call:
		obj, _ := program.Callee(v)
		if _, builtin := v.Call.Value.(*ssa.Builtin); builtin || len(d.At(v)) > 0 {
			return false // the attempt itself
		}
		if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "time" {
			return true
		}
		return !aboutErrors(v)
	case *ssa.BinOp:
		return d.limits(v.X, depth-1) || d.limits(v.Y, depth-1)
	case *ssa.UnOp:
		return v.Op != token.MUL && d.limits(v.X, depth-1)
	case *ssa.Phi:
		return slices.ContainsFunc(v.Edges, func(e ssa.Value) bool { return d.limits(e, depth-1) })
	}
	return false
}

// isContextMethod reports whether a function is Err of a context.
func isContextMethod(obj *types.Func) bool {
	return obj != nil && obj.FullName() == "(context.Context).Err"
}

// aboutErrors reports whether a call is given errors only, and what they are compared with.
func aboutErrors(call *ssa.Call) bool {
	return slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return program.IsError(a.Type()) })
}

// pausesIn reports whether anything but the attempt itself may wait in some blocks.
func (d *Finder) pausesIn(blocks map[*ssa.BasicBlock]bool, attempt *ssa.Call) bool {
	for b := range blocks {
		for _, in := range b.Instrs {
			if in != ssa.Instruction(attempt) && d.Pauses(in) {
				return true
			}
		}
	}
	return false
}

// patient reports whether what a call runs may wait before it fails.
func (d *Finder) patient(call *ssa.Call) bool {
	obj, fn := d.Callee(call)
	if d.RowOf(obj, call) != nil {
		return false // a library's call
	}
	return obj != nil && d.Cat.Pauses(obj) || d.Analyzed(fn) && d.PausesWithin(fn, program.MaxUses)
}

// triesAnother reports whether a loop asks if something is there already: then it tries another one, and does not hammer.
func (d *Finder) triesAnother(l repeat.Loop) bool {
	for b := range l.Blocks {
		for _, in := range b.Instrs {
			if call, ok := in.(*ssa.Call); ok {
				if obj, _ := program.Callee(call); obj != nil && aboutErrors(call) && catalog.Collides(obj.Name()) {
					return true
				}
			}
			for _, op := range in.Operands(nil) {
				switch v := (*op).(type) {
				case *ssa.Const:
					if s, ok := program.StringConst(v); ok && catalog.Collides(s) && len(s) == 5 {
						return true
					}
				case *ssa.Global:
					if program.IsError(v.Type().Underlying().(*types.Pointer).Elem()) && catalog.Collides(v.Name()) {
						return true
					}
				}
			}
		}
	}
	return false
}

// firstOfRound reports whether a round of the loop begins with the call: no work was fetched for it that another round would
// not have.
func (d *Finder) firstOfRound(call *ssa.Call, l repeat.Loop) bool {
	for b := range l.Blocks {
		if !b.Dominates(call.Block()) {
			continue // behind it, or beside it
		}
		for _, in := range b.Instrs {
			if in == ssa.Instruction(call) {
				break
			}
			switch in := in.(type) {
			case *ssa.Call:
				if obj, _ := program.Callee(in); !catalog.IsBorrower(obj) && !isContextMethod(obj) {
					return false
				}
			case *ssa.Select, *ssa.Next, *ssa.Send:
				return false
			case *ssa.UnOp:
				if in.Op == token.ARROW {
					return false
				}
			}
		}
	}
	return true
}
