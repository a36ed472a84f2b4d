package limit

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// guard finds a check whether a limit is zero that cannot be, as whoever made the configuration has filled it in.
func (p *Pools) guard(cmp *ssa.BinOp) {
	addr := zeroCheck(cmp)
	if addr == nil {
		return
	}
	owner, field := program.StructField(addr)
	if field == nil || !catalog.Filled(owner, field) {
		return
	}
	branch := trueBranch(cmp)
	if branch == nil || len(branch.Preds) != 1 {
		return // the outcome is stored, or another condition leads there too
	}
	for _, st := range storesTo(cmp.Parent(), owner, addr.Field) {
		if !branch.Dominates(st.Block()) && program.Before(st, cmp) {
			return // something has changed it before
		}
	}
	if p.given(addr.X, cmp) || p.changedElsewhere(addr.X, cmp.Parent()) {
		return // somebody else may have
	}
	p.out = append(p.out, Limit{Kind: DeadGuard, At: cmp, Setting: catalog.SettingOfField(owner, field), Name: field.Name()})
}

// given reports whether a configuration is handed to code that may change it before an instruction runs, or comes from a
// caller who may have changed it.
func (p *Pools) given(cfg ssa.Value, before ssa.Instruction) bool {
	for _, b := range before.Parent().Blocks {
		for _, in := range b.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok || !program.ComesTo(in.Block(), before.Block()) || p.harmlessToConfig(call) {
				continue
			}
			for _, a := range call.Common().Args {
				if !program.IsContext(a.Type()) && p.Graph.Meet(a, cfg) {
					return true
				}
			}
		}
	}
	return false
}

// changedElsewhere reports whether a configuration comes from another package, or another function sets its limit.
func (p *Pools) changedElsewhere(cfg ssa.Value, here *ssa.Function) bool {
	sources := p.Graph.Backward(p.Graph.Of(cfg))
	for _, n := range sources {
		for _, param := range p.params[n] {
			obj := param.Parent().Object()
			if obj == nil || obj.Exported() || len(p.Graph.Callers(param.Parent())) == 0 {
				return true
			}
		}
	}
	f := p.joined(sources...)
	return slices.ContainsFunc(f.settings[catalog.MaxOpen], func(s setting) bool { return !s.text && s.at.Parent() != here })
}

// harmlessToConfig reports whether a call changes no configuration: a library's, or one that only looks.
func (p *Pools) harmlessToConfig(call ssa.CallInstruction) bool {
	obj, _ := program.Callee(call)
	if p.OwnCallee(call) != nil || obj == nil {
		return false
	}
	return p.Cat.Within(obj.Pkg().Path()) || catalog.IsBorrower(obj)
}

// zeroCheck returns the field that a comparison finds to be zero or less when it comes out true, nil if it is no such.
func zeroCheck(cmp *ssa.BinOp) *ssa.FieldAddr {
	x, op, y := cmp.X, cmp.Op, cmp.Y
	if _, turned := x.(*ssa.Const); turned {
		x, y = y, x
		op = map[token.Token]token.Token{token.GEQ: token.LEQ, token.GTR: token.LSS, token.EQL: token.EQL}[op]
	}
	load, ok := x.(*ssa.UnOp)
	c, isConst := y.(*ssa.Const)
	if !ok || !isConst || c.Value == nil {
		return nil
	}
	n, isInt := number(c.Value)
	if !isInt {
		return nil
	}
	switch {
	case n == 0 && (op == token.EQL || op == token.LEQ):
	case n == 1 && op == token.LSS:
	default:
		return nil
	}
	addr, _ := load.X.(*ssa.FieldAddr)
	return addr
}

func trueBranch(cmp *ssa.BinOp) *ssa.BasicBlock {
	for _, ref := range *cmp.Referrers() {
		if in, ok := ref.(*ssa.If); ok {
			return in.Block().Succs[0]
		}
	}
	return nil
}

// storesTo lists the stores of fn to a field.
func storesTo(fn *ssa.Function, owner *types.TypeName, index int) []*ssa.Store {
	var out []*ssa.Store
	for _, b := range fn.Blocks {
		for _, in := range b.Instrs {
			st, ok := in.(*ssa.Store)
			if !ok {
				continue
			}
			if addr, ok := st.Addr.(*ssa.FieldAddr); ok && addr.Field == index {
				if o, _ := program.StructField(addr); o == owner {
					out = append(out, st)
				}
			}
		}
	}
	return out
}
