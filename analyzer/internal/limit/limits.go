// Package limit finds which limits the pools of a package have. It has the graph of the values of the package, in which all that
// comes together is one pool: what builds it, its configuration, its wrappers, the helpers that it is given to.
//
// It does not know what is taken from a pool, and how many connections are too many.
package limit

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/origin"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
)

// Pools is what the functions of a package do to the limits of pools.
type Pools struct {
	*runs.Index
	Graph       *origin.Graph                  // of the values of the package
	Built       []Built                        // in the order of the functions
	LimitFields map[*types.Var]catalog.Setting // exported fields whose values become a limit

	values     map[string][]*ssa.Function // functions taken as values, by signature
	known      map[origin.Node]*poolFacts
	texts      []textLimit
	compared   []*ssa.BinOp
	out        []Limit
	limitFacts map[*types.Func]*fact.Limits
	params     map[origin.Node][]*ssa.Parameter
	orphan     bool // some function that nobody is seen to call sets limits on a pool it is given
}

// poolFacts is what is known of the pools, or of their configurations, that come to one node.
type poolFacts struct {
	settings map[catalog.Setting][]setting
	escapes  bool                // it is given to code that is not known
	exposed  bool                // other packages can get it
	viaPool  ssa.CallInstruction // it works on a pgxpool through this connector
	parser   ssa.CallInstruction // what reads its connection string, nil if nothing does
	dsn      string              // that string
}

// Built is a call that builds a pool.
type Built struct {
	Call ssa.CallInstruction
	Row  *catalog.Row
}

// setting is one place that sets a limit.
type setting struct {
	at     ssa.Instruction // the call or store
	leaves []origin.Leaf   // nil if that is not known
	text   bool            // it stands in a connection string
}

// New reads all that the functions of a package do to pools and their limits.
func New(index *runs.Index) *Pools {
	all := index.WithInit()
	p := &Pools{
		Index:       index,
		values:      map[string][]*ssa.Function{},
		known:       map[origin.Node]*poolFacts{},
		limitFacts:  map[*types.Func]*fact.Limits{},
		LimitFields: map[*types.Var]catalog.Setting{},
	}
	p.findValues(all)
	p.Graph = origin.New(all, origin.Config{Alias: p.Alias, Whole: p.Whole, Constant: p.constantResult, Callees: p.callees})
	p.params = map[origin.Node][]*ssa.Parameter{}
	for _, fn := range all {
		for _, param := range fn.Params {
			if tracksPool(param.Type()) {
				n := p.Graph.Of(param)
				p.params[n] = append(p.params[n], param)
			}
		}
	}
	for _, fn := range all {
		for _, block := range fn.Blocks {
			for _, in := range block.Instrs {
				p.instruction(in)
			}
		}
	}
	return p
}

func (p *Pools) at(n origin.Node) *poolFacts {
	f := p.known[n]
	if f == nil {
		f = &poolFacts{settings: map[catalog.Setting][]setting{}}
		p.known[n] = f
	}
	return f
}

// of joins what is known of a pool that is built: of its configuration, wherever that comes from, and of all places that it
// and its configuration come to.
func (p *Pools) of(b Built) *poolFacts {
	return p.joined(p.Graph.Backward(p.Graph.OfCall(b.Call, b.Row.Result))...)
}

// joined joins what is known of the places that the values of some nodes come to.
func (p *Pools) joined(sources ...origin.Node) *poolFacts {
	all := &poolFacts{settings: map[catalog.Setting][]setting{}}
	seen := map[origin.Node]bool{}
	for _, source := range sources {
		for _, n := range p.Graph.Forward(source) {
			if f := p.known[n]; f != nil && !seen[n] {
				seen[n] = true
				all.join(f)
			}
		}
	}
	return all
}

// MaxOpen is what is known of how many connections the pool of a handle has at most: a constant, 0 if there is none. unlimited says
// that nothing limits it.
func (p *Pools) MaxOpen(handle ssa.Value) (n int64, unlimited bool) {
	sources := p.Graph.Backward(p.Graph.Of(handle))
	facts := p.joined(sources...)
	if only, _, ok := facts.only(catalog.MaxOpen); ok {
		n = only
	}
	if facts.escapes || len(facts.settings[catalog.MaxOpen]) > 0 {
		return n, false
	}
	return n, slices.ContainsFunc(p.Built, func(b Built) bool {
		return b.Row.Default() == catalog.Unlimited && slices.Contains(sources, p.Graph.OfCall(b.Call, b.Row.Result))
	})
}

// LimitFact is what other packages need to know of a function's way with limits, nil if there is nothing.
func (p *Pools) LimitFact(obj *types.Func) *fact.Limits { return p.limitFacts[obj] }

// ParamsAt lists the parameters that come to a node.
func (p *Pools) ParamsAt(n origin.Node) []*ssa.Parameter { return p.params[n] }

// IsValue reports whether a function is taken as a value somewhere in the package.
func (p *Pools) IsValue(fn *ssa.Function) bool {
	return slices.Contains(p.values[signatureKey(fn.Signature)], fn)
}

func (f *poolFacts) join(other *poolFacts) {
	for s, set := range other.settings {
		f.settings[s] = append(f.settings[s], set...)
	}
	f.escapes = f.escapes || other.escapes
	f.exposed = f.exposed || other.exposed
	if f.viaPool == nil {
		f.viaPool = other.viaPool
	}
	if f.parser == nil {
		f.parser, f.dsn = other.parser, other.dsn
	}
}

func (p *Pools) instruction(in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Store:
		p.store(in)
	case *ssa.MapUpdate:
		p.urlLiteral(in)
	case *ssa.MakeClosure:
		if obj, ok := in.Fn.(*ssa.Function).Object().(*types.Func); ok && len(in.Bindings) == 1 {
			if s := catalog.SettingOfMethod(obj); s != catalog.NoSetting {
				p.set(p.Graph.Of(in.Bindings[0]), s, in, nil) // it is taken as a value: what it will be given is not known
			}
		}
	case *ssa.Return:
		p.constantReturn(in)
		obj := in.Parent().Object()
		given := p.IsValue(in.Parent()) // fx.Provide(open)
		if given || obj != nil && obj.Exported() && p.Pass.Pkg.Name() != "main" {
			for i := range in.Results {
				p.at(p.Graph.OfResult(in.Parent(), i)).exposed = true
			}
		}
	case *ssa.BinOp:
		p.compared = append(p.compared, in)
	case ssa.CallInstruction:
		p.call(in)
	}
}

// store notes a limit that is a field, and pools that become visible to other packages.
func (p *Pools) store(in *ssa.Store) {
	switch addr := in.Addr.(type) {
	case *ssa.Global:
		if token.IsExported(addr.Name()) && p.Pass.Pkg.Name() != "main" {
			p.at(p.Graph.Of(addr)).exposed = true
		}
	case *ssa.FieldAddr:
		owner, field := program.StructField(addr)
		if field == nil {
			return // a struct without a name
		}
		if s := catalog.SettingOfField(owner, field); s != catalog.NoSetting {
			p.set(p.Graph.Of(addr), s, in, in.Val)
			return
		}
		if s := p.Facts.Field(field); s != catalog.NoSetting {
			p.value(s, in, in.Val)
		}
		if field.Exported() && !p.Whole(owner.Type()) && p.Pass.Pkg.Name() != "main" {
			p.at(p.Graph.Of(addr)).exposed = true
		}
	}
}

// set notes that a limit of what comes to a node is set.
func (p *Pools) set(n origin.Node, s catalog.Setting, at ssa.Instruction, v ssa.Value) {
	f := p.at(n)
	f.settings[s] = append(f.settings[s], setting{at: at, leaves: p.value(s, at, v)})
}

func (p *Pools) call(call ssa.CallInstruction) {
	common := call.Common()
	obj, _ := program.Callee(call)
	if s := catalog.SettingOfMethod(obj); s != catalog.NoSetting {
		recv, v := origin.Given(call)[0], common.Args[len(common.Args)-1]
		if setAgain(call, recv, obj) {
			return // what it sets is replaced at once
		}
		p.set(p.Graph.Of(recv), s, call, v)
		p.noteSetter(recv, s)
		return
	}
	if row := p.Cat.Func(obj); row != nil {
		p.rowCall(call, row)
		return
	}
	if p.OwnCallee(call) != nil {
		return // the graph knows it
	}
	p.urlValue(call, obj)
	if fact := p.limitsOf(obj); fact != nil {
		for _, s := range fact.Sets {
			if a := program.GivenFor(call, s.Param); a != nil {
				p.set(p.Graph.Of(a), s.Setting, call, nil)
			}
		}
		for _, s := range fact.Limits {
			if a := program.GivenFor(call, s.Param); a != nil {
				p.valueBy(s.Setting, call, a, s.Stored)
			}
		}
		for _, d := range fact.DSNs {
			if a := program.GivenFor(call, d.Param); a != nil {
				p.connString(reader{call: call, parses: d.Parses}, call, a)
			}
		}
		return
	}
	if p.harmless(call, obj) {
		return // it sets no limit
	}
	for _, a := range common.Args {
		p.at(p.Graph.Of(a)).escapes = true
	}
}

// rowCall notes what a library's function does: it builds a pool, or reads limits from a connection string.
func (p *Pools) rowCall(call ssa.CallInstruction, row *catalog.Row) {
	args := call.Common().Args
	obj, _ := program.Callee(call)
	if catalog.PoolConnector(obj) {
		p.at(p.Graph.OfCall(call, 0)).viaPool = call
	}
	if row.DSN > 0 && row.DSN <= len(args) {
		p.readDSN(call, row, args[row.DSN-1])
	}
	if row.Default() == catalog.UnknownLimit || p.Embedded(call, row) || p.Wraps(call) {
		return // no pool, or one whose limit is another's
	}
	p.Built = append(p.Built, Built{call, row})
	f := p.at(p.Graph.OfCall(call, row.Result))
	if row.Wraps() {
		f.viaPool = call
	}
	f.escapes = f.escapes || givenFunctions(call)
}

// limitsOf returns what is known of the way with limits of a function of another package, nil if nothing is.
func (p *Pools) limitsOf(fn *types.Func) *fact.Limits {
	if f := p.Facts.Func(fn); f != nil {
		return f.Limits
	}
	return nil
}

// noteSetter notes which parameter a limit is set on.
func (p *Pools) noteSetter(recv ssa.Value, s catalog.Setting) {
	for _, n := range p.Graph.Backward(p.Graph.Of(recv)) {
		for _, param := range p.params[n] {
			fn := param.Parent()
			if obj, declared := fn.Object().(*types.Func); declared {
				f := p.fact(obj)
				f.Sets = append(f.Sets, fact.ParamSetting{Param: slices.Index(fn.Params, param), Setting: s})
				p.orphan = p.orphan || s == catalog.MaxOpen && p.IsValue(fn)
			} else if s == catalog.MaxOpen && p.Uses[fn] != nil {
				p.orphan = true // fx.Invoke(func(db *sql.DB) { db.SetMaxOpenConns(10) })
			}
		}
	}
}

func (p *Pools) fact(obj *types.Func) *fact.Limits {
	f := p.limitFacts[obj]
	if f == nil {
		f = &fact.Limits{}
		p.limitFacts[obj] = f
	}
	return f
}

// setAgain reports whether the same limit of the same pool is set once more in the same block.
func setAgain(call ssa.CallInstruction, recv ssa.Value, obj *types.Func) bool {
	block := call.Block()
	i := slices.Index(block.Instrs, ssa.Instruction(call))
	for _, in := range block.Instrs[i+1:] {
		later, ok := in.(*ssa.Call)
		if !ok || later.Call.IsInvoke() || len(later.Call.Args) == 0 || later.Call.Args[0] != recv {
			continue
		}
		if o, _ := program.Callee(later); o == obj {
			return true
		}
	}
	return false
}
