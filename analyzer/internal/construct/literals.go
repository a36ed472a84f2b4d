package construct

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
)

// given settles what is built only if an argument is nil.
func (b *Builder) given(call ssa.CallInstruction, build fact.Build) (fact.Build, bool) {
	if build.IfNil == 0 {
		return build, true
	}
	c, ok := program.GivenFor(call, build.IfNil-1).(*ssa.Const)
	build.IfNil = 0
	return build, ok && c.IsNil()
}

// inLiterals returns what the literals build that a call is given. Those that are run from outside are told of by themselves.
func (b *Builder) inLiterals(call ssa.CallInstruction) []*Construction {
	obj, _ := program.Callee(call)
	once := catalog.RunsOnce(obj)
	if once && !newEachTime(call) {
		return nil // its literal runs once
	}
	var out []*Construction
	for i, a := range call.Common().Args {
		fn := program.Literal(a)
		if fn == nil {
			out = append(out, b.inNamed(call, i, a)...)
			continue
		}
		if b.Entries[fn] != "" || b.KnowsRuns(call) && len(b.RunsBy(call, i)) == 0 {
			continue // an entry, or one that is stored, or run once
		}
		if once {
			for _, c := range b.of(fn).all {
				out = append(out, &Construction{Call: c.Call, Row: c.Row, Build: c.Build, Site: c.Site, inner: true, onceBy: onceName(obj)})
			}
			continue
		}
		for _, build := range b.of(fn).builds {
			out = append(out, &Construction{Call: call, Build: build, inner: true})
		}
	}
	return out
}

// inNamed returns what a declared function builds that a call is given and runs.
func (b *Builder) inNamed(call ssa.CallInstruction, i int, a ssa.Value) []*Construction {
	if _, isFunc := a.Type().Underlying().(*types.Signature); !isFunc {
		return nil
	}
	how := b.RunsBy(call, i)
	fn := b.Function(a)
	if len(how) == 0 || fn == nil {
		return nil // it is not known to be run, or which it is
	}
	if obj, ok := fn.Object().(*types.Func); ok && fn.Blocks == nil || fn.Synthetic != "" {
		if own := b.Own(obj); own != nil {
			fn = own // a method value
		}
	}
	if fn.Pkg != b.Pkg || b.Entries[fn] != "" || fn == call.Parent() {
		return nil // its builds are told of where it is declared
	}
	var out []*Construction
	for _, build := range b.of(fn).builds {
		c := &Construction{Call: call, Build: build, Given: fn.Name()}
		c.Build.Chain = append([]string{fn.Name()}, build.Chain...)
		for _, run := range how {
			switch {
			case run.Entry != "":
				c.Again = &runs.Again{Kind: runs.AtEntry, Entry: run.Entry, Name: fn.Name(), Pos: fn.Pos()}
			case run.Loop && c.Again == nil && !build.Returned:
				c.Again = &runs.Again{Kind: runs.InLoop, Name: fn.Name(), Pos: call.Common().Pos()}
			}
		}
		out = append(out, c)
	}
	return out[:min(len(out), 1)]
}

// onceName is what sees that a function runs once, as a user writes it.
func onceName(obj *types.Func) string {
	if obj.Signature().Recv() != nil {
		return "sync.Once"
	}
	return "sync." + obj.Name()
}

// newEachTime reports whether a sync.Once is a variable of the function that uses it, or the function that sync.OnceValue
// returns is called there and goes nowhere else.
func newEachTime(call ssa.CallInstruction) bool {
	common := call.Common()
	if common.Signature().Recv() != nil {
		once, ok := common.Args[0].(*ssa.Alloc)
		if !ok {
			return false // a field, or a package variable
		}
		for _, ref := range *once.Referrers() {
			if _, ok := ref.(*ssa.MakeClosure); ok {
				return false // a literal has it, and may outlive the function
			}
		}
		return true
	}
	if call.Value() == nil {
		return false
	}
	for _, ref := range *call.Value().Referrers() {
		if use, ok := ref.(ssa.CallInstruction); !ok || use.Common().Value != call.Value() {
			return false // it is stored or returned
		}
	}
	return true
}
