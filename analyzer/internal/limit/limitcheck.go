package limit

import (
	"cmp"
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// Limit is something to be known about the limits of a pool: one that is missing, or a value that is set.
type Limit struct {
	Kind    Kind
	At      ssa.Instruction // the call, store or comparison
	Setting catalog.Setting
	Value   int64
	Bound   int64           // IdleAboveOpen, MinAboveMax: what it exceeds
	Other   ssa.Instruction // where that is set, or the constructor; may be nil
	Name    string          // RefusedKey: the key; NoLimit: the constructor
	Text    bool            // the value stands in a connection string
	Exposed bool            // NoLimit: other packages get the pool, and may set one
	Refused bool            // ConstantLimit: the library has no limit of zero
}

// Kind is what is to be known.
type Kind uint8

// The kinds.
const (
	NoLimit       Kind = iota // a pool that is not limited at all
	ConstantLimit             // a limit that is set to Value
	CPULimit                  // a limit that follows the number of processors
	IdleAboveOpen             // more idle connections than open ones
	MinAboveMax               // more connections kept open than allowed
	DeadGuard                 // a check for a zero that cannot be
	RefusedKey                // a key of pgxpool in a string that goes to the server
	ConnectorIdle             // idle connections of database/sql keep those of a pgxpool
	DefaultByCPU              // a pool whose limit nobody sets follows the number of processors
	KeptIdle                  // idle connections stay for ever
)

// value notes what a limit is set to: constants are told of, parameters and fields make facts.
func (p *Pools) value(s catalog.Setting, at ssa.Instruction, v ssa.Value) []origin.Leaf {
	if v == nil {
		return nil // in another package
	}
	return p.valueBy(s, at, v, false)
}

// valueBy is value for what another package puts into a field first.
func (p *Pools) valueBy(s catalog.Setting, at ssa.Instruction, v ssa.Value, stored bool) []origin.Leaf {
	leaves := p.Graph.Leaves(v)
	for i := range leaves {
		l := &leaves[i]
		l.Stored = l.Stored || stored
		switch l.Kind {
		case origin.Parameter:
			fn := l.Param.Parent()
			if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
				f := p.fact(obj)
				ps := fact.ParamSetting{Param: slices.Index(fn.Params, l.Param), Setting: s, Stored: l.Stored}
				if !slices.Contains(f.Limits, ps) {
					f.Limits = append(f.Limits, ps)
				}
			}
		case origin.Field:
			if l.Field.Exported() && l.Field.Pkg() == p.Pass.Pkg {
				p.LimitFields[l.Field] = s
			}
		}
	}
	p.constants(s, at, leaves)
	return leaves
}

// constantReturn makes a fact of an exported function that always returns one number.
func (p *Pools) constantReturn(in *ssa.Return) {
	obj, ok := in.Parent().Object().(*types.Func)
	if !ok || !obj.Exported() || len(in.Results) != 1 {
		return
	}
	if b, ok := in.Results[0].Type().Underlying().(*types.Basic); !ok || b.Info()&types.IsInteger == 0 {
		return
	}
	leaves := p.Graph.Leaves(in.Results[0])
	f := p.limitFacts[obj]
	if len(leaves) != 1 || leaves[0].Kind != origin.Constant || f != nil && f.Constant != nil {
		return // not always the same
	}
	if n, ok := number(leaves[0].Value); ok && len(program.ReturnsOf(in.Parent())) == 1 {
		p.fact(obj).Constant = []int64{n}
	}
}

// constants tells of the numbers that a limit is set to.
func (p *Pools) constants(s catalog.Setting, at ssa.Instruction, leaves []origin.Leaf) {
	if s != catalog.MaxOpen {
		return // only a limit can be too high
	}
	for _, l := range leaves {
		where := l.At
		if where == nil {
			where = at
		}
		switch l.Kind {
		case origin.Constant:
			n, ok := number(l.Value)
			if !ok || n <= 0 && l.Stored {
				continue // a zero in a configuration is often replaced
			}
			p.out = append(p.out, Limit{Kind: ConstantLimit, At: where, Setting: s, Value: n, Other: at, Refused: where == at && refusesZero(at)})
		case origin.Result:
			if obj, _ := program.Callee(l.Call); catalog.CountsCPUs(obj) {
				p.out = append(p.out, Limit{Kind: CPULimit, At: where, Setting: s, Other: at})
			}
		}
	}
}

// refusesZero reports whether a store is to a limit of pgxpool that nothing sets afterwards.
func refusesZero(at ssa.Instruction) bool {
	st, ok := at.(*ssa.Store)
	if !ok {
		return false
	}
	addr, ok := st.Addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	owner, _ := program.StructField(addr)
	return owner != nil && catalog.OfPgxpool(owner) && len(storesTo(at.Parent(), owner, addr.Field)) == 1
}

func number(v constant.Value) (int64, bool) {
	if v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// only returns the one number that all settings of a kind agree on.
func (f *poolFacts) only(s catalog.Setting) (n int64, at ssa.Instruction, ok bool) {
	for _, set := range f.settings[s] {
		if len(set.leaves) != 1 || set.leaves[0].Kind != origin.Constant {
			return 0, nil, false
		}
		v, isInt := number(set.leaves[0].Value)
		if !isInt || at != nil && v != n {
			return 0, nil, false
		}
		n, at = v, set.at
	}
	return n, at, at != nil
}

// Limits judges the pools that are built and returns everything that is to be known, by position.
func (p *Pools) Limits() []Limit {
	for _, b := range p.Built {
		p.builtLimit(p.of(b), b)
	}
	for _, t := range p.texts {
		if !p.overridden(t) {
			p.out = append(p.out, t.limit)
		}
	}
	for _, cmp := range p.compared {
		p.guard(cmp)
	}
	for _, root := range p.configured() {
		p.ratios(p.joined(root))
	}
	seen := map[Limit]bool{}
	p.out = slices.DeleteFunc(p.out, func(l Limit) bool {
		l.Other = nil
		again := seen[l]
		seen[l] = true
		return again
	})
	slices.SortStableFunc(p.out, func(a, b Limit) int { return cmp.Compare(diag.PosOf(a.At), diag.PosOf(b.At)) })
	return p.out
}

// configured lists the nodes where the pools come from that have limits to be compared.
func (p *Pools) configured() []origin.Node {
	var out []origin.Node
	for n, f := range p.known {
		if len(f.settings[catalog.MaxIdle])+len(f.settings[catalog.MinOpen]) == 0 {
			continue // nothing to compare
		}
		for _, source := range p.Graph.Backward(n) {
			if p.Graph.IsSource(source) && !slices.Contains(out, source) {
				out = append(out, source)
			}
		}
	}
	slices.Sort(out)
	return out
}

// ratios compares the limits of a pool with each other.
func (p *Pools) ratios(f *poolFacts) {
	most, mostAt, ok := f.only(catalog.MaxOpen)
	if !ok || most <= 0 {
		return // it is not known
	}
	if idle, at, ok := f.only(catalog.MaxIdle); ok && idle > most {
		p.out = append(p.out, Limit{Kind: IdleAboveOpen, At: at, Setting: catalog.MaxIdle, Value: idle, Bound: most, Other: mostAt})
	}
	if least, at, ok := f.only(catalog.MinOpen); ok && least > most {
		p.out = append(p.out, Limit{Kind: MinAboveMax, At: at, Setting: catalog.MinOpen, Value: least, Bound: most, Other: mostAt})
	}
}

// builtLimit says what limit a pool that is built has, if nothing sets one.
func (p *Pools) builtLimit(f *poolFacts, b Built) {
	switch {
	case f.viaPool != nil:
		p.connectorIdle(f, b)
		return // its limit is the pgxpool's
	case f.escapes && !p.Cfg.Strict:
		return // code that is not known may set it
	}
	limited := len(f.settings[catalog.MaxOpen]) > 0
	switch b.Row.Default() {
	case catalog.Unlimited:
		switch {
		case !limited && !(f.exposed && p.orphan):
			p.out = append(p.out, Limit{Kind: NoLimit, At: b.Call, Setting: catalog.MaxOpen, Exposed: f.exposed, Name: b.Row.Short()})
		case limited && !f.exposed && !f.timed():
			p.out = append(p.out, Limit{Kind: KeptIdle, At: b.Call})
		}
	case catalog.ByCPU:
		if f.parser != nil && !limited && !f.exposed && !strings.Contains(f.dsn, origin.Hole) {
			p.out = append(p.out, Limit{Kind: DefaultByCPU, At: f.parser, Setting: catalog.MaxOpen})
		}
	}
}

// timed reports whether idle connections are closed some time, or none are kept.
func (f *poolFacts) timed() bool {
	if n, _, ok := f.only(catalog.MaxIdle); ok && n <= 0 {
		return true
	}
	return len(f.settings[catalog.Lifetime]) > 0 || len(f.settings[catalog.IdleTime]) > 0
}

// connectorIdle says that database/sql keeps connections of a pgxpool.
func (p *Pools) connectorIdle(f *poolFacts, b Built) {
	if f.viaPool == b.Call || f.escapes {
		return // OpenDBFromPool sees to it, or somebody else may
	}
	for _, set := range f.settings[catalog.MaxIdle] {
		n, _, ok := f.only(catalog.MaxIdle)
		if !ok || n <= 0 || len(set.leaves) == 0 {
			return // none, or a number that is not known
		}
	}
	p.out = append(p.out, Limit{Kind: ConnectorIdle, At: b.Call, Setting: catalog.MaxIdle, Other: f.viaPool})
}
