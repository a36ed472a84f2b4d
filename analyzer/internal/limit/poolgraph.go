package limit

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Alias returns the argument that the result of a library's call is by another name: a *sql.DB in a *sqlx.DB, the connector of
// sql.OpenDB, the configuration of pgxpool.NewWithConfig.
func (p *Pools) Alias(call ssa.CallInstruction) ssa.Value {
	obj, _ := program.Callee(call)
	row := p.Cat.Func(obj)
	args := origin.Given(call)
	if len(args) == 0 {
		return nil
	}
	if catalog.Regroups(obj) {
		return args[0]
	}
	if row == nil {
		return nil
	}
	i := -1
	switch {
	case row.Wraps():
		return nil // a pool of its own, on top of the other
	case (row.Alias || row.Gets()) && row.Handle == 0:
		i = 0
	case row.Alias:
		i = row.Handle - 1
	case row.Kind == catalog.Construct:
		i = configArg(row, args)
	}
	if i < 0 || i >= len(args) {
		return nil
	}
	return args[i]
}

// methods returns the methods of this package that a call through an interface may run.
func (p *Pools) methods(m *types.Func) []*ssa.Function {
	var out []*ssa.Function
	for _, impl := range p.Implementations(m) {
		if fn := p.Own(impl.Fn); fn != nil {
			out = append(out, fn)
		}
	}
	return out
}

// constantResult returns the number that a function of another package always returns.
func (p *Pools) constantResult(call *ssa.Call) (constant.Value, bool) {
	obj, _ := program.Callee(call)
	if fact := p.limitsOf(obj); fact != nil && len(fact.Constant) == 1 {
		return constant.MakeInt64(fact.Constant[0]), true
	}
	return nil, false
}

// configArg returns which argument of a constructor is its configuration, -1 if it takes none.
func configArg(row *catalog.Row, args []ssa.Value) int {
	for i, a := range args {
		if program.IsContext(a.Type()) || i == row.Driver-1 || i == row.DSN-1 {
			continue
		}
		if tracksPool(a.Type()) {
			return i
		}
	}
	return -1
}

func tracksPool(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Struct, *types.Interface:
		return true
	}
	return false
}

// Whole reports whether a struct belongs to a library: a pool in a pool, a configuration in a configuration.
func (p *Pools) Whole(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && (p.Cat.Within(named.Obj().Pkg().Path()) || strings.HasPrefix(named.Obj().Pkg().Path(), "gorm.io/"))
}

// findValues lists the functions that are taken as values: a call of a function value may run one of its signature.
func (p *Pools) findValues(all []*ssa.Function) {
	for _, fn := range all {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				p.addValues(in)
			}
		}
	}
}

func (p *Pools) addValues(in ssa.Instruction) {
	call, _ := in.(ssa.CallInstruction)
	for _, op := range in.Operands(nil) {
		if *op == nil || call != nil && *op == call.Common().Value {
			continue // it is called
		}
		v := *op
		if c, ok := v.(*ssa.MakeClosure); ok {
			v = c.Fn
		}
		fn, ok := v.(*ssa.Function)
		if !ok || len(fn.Blocks) == 0 || fn.Pkg != p.Pkg {
			continue // another value
		}
		key := signatureKey(fn.Signature)
		if !slices.Contains(p.values[key], fn) {
			p.values[key] = append(p.values[key], fn)
		}
	}
}

// signatureKey names a signature, its parameters' own names left out.
func signatureKey(sig *types.Signature) string {
	var b strings.Builder
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			b.WriteString(types.TypeString(v.Type(), nil) + ",")
		}
		b.WriteByte(';')
	}
	return b.String()
}

// callees returns the functions of this package that a call may run.
func (p *Pools) callees(call ssa.CallInstruction) []*ssa.Function {
	if fn := p.OwnCallee(call); fn != nil {
		return []*ssa.Function{fn}
	}
	obj, fn := program.Callee(call)
	if call.Common().IsInvoke() {
		return p.methods(obj)
	}
	if obj != nil || fn != nil {
		return nil // another package's
	}
	return p.values[signatureKey(call.Common().Signature())]
}

// harmless reports whether a function that nothing is known of sets no limit: it was analyzed, or it only looks at things.
func (p *Pools) harmless(call ssa.CallInstruction, obj *types.Func) bool {
	switch {
	case obj == nil || obj.Pkg() == nil || call.Common().IsInvoke():
		_, builtin := call.Common().Value.(*ssa.Builtin)
		return builtin // a function value or a method of an interface may be anything
	case catalog.IsBorrower(obj), obj.Pkg() == p.Pass.Pkg, p.Cat.Within(obj.Pkg().Path()), strings.HasPrefix(obj.Pkg().Path(), "gorm.io/"):
		return true
	}
	return p.Facts.Package(obj.Pkg()) != nil
}

// givenFunctions reports whether a call is given functions among its variadic arguments: options that may set a limit.
func givenFunctions(call ssa.CallInstruction) bool {
	for _, a := range call.Common().Args {
		for _, e := range origin.Elements(a) {
			if _, ok := e.Type().Underlying().(*types.Signature); ok {
				return true
			}
		}
	}
	return false
}
