package runs

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Again is why a function runs again and again.
type Again struct {
	Kind  AgainKind
	Entry catalog.Entry // AtEntry
	Name  string        // AtEntry: the function that is run; empty for a literal
	Pos   token.Pos     // of the loop's call or go statement, or of the function that is run
	Named bool          // AtEntry: whoever asks names the database
}

// AgainKind is what makes a function run again and again.
type AgainKind uint8

// The kinds of repetition.
const (
	InLoop        AgainKind = iota
	InGoroutines            // a goroutine that is started in a loop
	AtEntry                 // something outside the program runs it
	ByHealthCheck           // its name says so
)

// findEntries finds the functions that something outside the program runs, and what runs each literal.
func (ix *Index) findEntries() {
	for _, fn := range ix.Funcs {
		if when := catalog.EntryBySignature(fn.Signature); when != "" {
			ix.Entries[fn] = when
		} else if obj, ok := fn.Object().(*types.Func); ok {
			if when := catalog.EntryByService(obj); when != "" {
				ix.Entries[fn] = when
			}
		}
	}
	for _, fn := range ix.Funcs {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				if call, ok := in.(ssa.CallInstruction); ok {
					ix.noteUses(call)
				}
			}
		}
	}
	for call := range ix.Calls() {
		ix.noteRuns(call)
	}
}

// noteRuns notes the literals that a function of the program runs in a handler.
func (ix *Index) noteRuns(call ssa.CallInstruction) {
	for i, a := range call.Common().Args {
		fn := program.Literal(a)
		if fn == nil || ix.Entries[fn] != "" {
			continue // no literal, or an entry by itself
		}
		for _, run := range ix.RunsBy(call, i) {
			if run.Entry != "" {
				ix.Entries[fn] = run.Entry
			}
		}
	}
}

// noteUses notes which literals a call runs or is given, and which functions it registers.
func (ix *Index) noteUses(call ssa.CallInstruction) {
	common := call.Common()
	if fn := program.Literal(common.Value); fn != nil && program.InPlace(call, fn) {
		ix.Uses[fn] = call
	}
	for _, a := range common.Args {
		if fn := program.Literal(a); fn != nil {
			ix.Uses[fn] = call
		}
	}
	obj, _ := program.Callee(call)
	if catalog.RunsLater(obj) && ix.runsItself(call) {
		ix.Entries[call.Parent()] = catalog.OnTick
	}
	i, when := catalog.EntryByRegistration(obj)
	if when == "" {
		return // registers nothing
	}
	for _, fn := range ix.Named(program.Argument(call, i)) {
		if own := ix.Own(fn); own != nil && ix.Entries[own] == "" {
			ix.Entries[own] = when
		}
	}
	if fn := program.Literal(program.Argument(call, i)); fn != nil && ix.Entries[fn] == "" {
		ix.Entries[fn] = when
	}
}

// runsItself reports whether a timer runs the function that sets it: a ticker by another name.
func (ix *Index) runsItself(call ssa.CallInstruction) bool {
	args := call.Common().Args
	fn := ix.Function(args[len(args)-1])
	if fn == nil {
		return false
	}
	return fn == call.Parent() || fn.Object() != nil && fn.Object() == call.Parent().Object()
}

// Named lists the declared functions that a value names: a function, a method value, or the methods by which a type satisfies
// the interface it is given as.
func (ix *Index) Named(v ssa.Value) []*types.Func {
	switch v := v.(type) {
	case *ssa.Function:
		if obj, ok := v.Object().(*types.Func); ok {
			return []*types.Func{obj}
		}
	case *ssa.MakeClosure:
		return ix.Named(v.Fn)
	case *ssa.ChangeType:
		return ix.Named(v.X)
	case *ssa.MakeInterface:
		if _, isFunc := v.X.Type().Underlying().(*types.Signature); isFunc {
			return ix.Named(v.X)
		}
		var out []*types.Func
		for _, m := range program.InterfaceMethods(v.Type()) {
			obj, _, _ := types.LookupFieldOrMethod(v.X.Type(), true, m.Pkg(), m.Name())
			if fn, ok := obj.(*types.Func); ok {
				out = append(out, fn)
			}
		}
		return out
	}
	return nil
}

// StoresArgument reports whether a function of this package that is given a literal is not seen to run it, or runs it once.
func (ix *Index) StoresArgument(use ssa.CallInstruction, f *ssa.Function) bool {
	if !ix.KnowsRuns(use) {
		return false
	}
	for i, a := range use.Common().Args {
		if program.Literal(a) == f {
			return len(ix.RunsBy(use, i)) == 0
		}
	}
	return false // it is what is called
}
