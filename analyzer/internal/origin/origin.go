// Package origin finds out where the values of a package come from: which objects a value may be (a [Graph]), and which
// constants ([Graph.Leaves]). It looks at no path and knows nothing of databases.
package origin

import (
	"go/constant"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Node is a value or a place of values: a variable, a field of a struct type, a result of a function. An address and what is
// there are one node, as are a container and its elements.
type Node int

// Graph is how values flow through one package, whatever the path.
type Graph struct {
	cfg   Config
	nodes map[any]Node
	to    [][]Node // where the values of a node go
	from  [][]Node // where they come from

	callers map[*ssa.Function][]ssa.CallInstruction
	stores  map[any][]*ssa.Store // by field or global
	closers map[*ssa.Function][]*ssa.MakeClosure
}

// Config says what the graph has to know of the outside.
type Config struct {
	// Alias returns the argument that result 0 of a call is by another name, nil if it is none.
	Alias func(call ssa.CallInstruction) ssa.Value
	// Whole reports whether the fields of a struct type are the same object as the struct: a library's configuration.
	Whole func(t types.Type) bool
	// Constant returns the number that a function of another package always returns.
	Constant func(call *ssa.Call) (constant.Value, bool)
	// Callees returns the functions of the package that a call may run.
	Callees func(call ssa.CallInstruction) []*ssa.Function
}

// fieldKey is a field of a struct type, whichever value has it.
type fieldKey struct {
	owner *types.TypeName
	index int
}

// resultKey is a result of a function or of a call.
type resultKey struct {
	of    any
	index int
}

// New makes the graph of the functions of a package. The initializer belongs to them.
func New(funcs []*ssa.Function, cfg Config) *Graph {
	g := &Graph{
		cfg: cfg, nodes: map[any]Node{},
		callers: map[*ssa.Function][]ssa.CallInstruction{},
		stores:  map[any][]*ssa.Store{},
		closers: map[*ssa.Function][]*ssa.MakeClosure{},
	}
	for _, fn := range funcs {
		for _, b := range fn.Blocks {
			for _, in := range b.Instrs {
				g.add(in)
			}
		}
	}
	return g
}

// Of returns the node of a value.
func (g *Graph) Of(v ssa.Value) Node { return g.node(g.key(v)) }

// OfResult returns the node of a result of a function.
func (g *Graph) OfResult(fn *ssa.Function, i int) Node { return g.node(resultKey{fn, i}) }

// OfCall returns the node of a result of a call.
func (g *Graph) OfCall(call ssa.CallInstruction, i int) Node { return g.node(resultKey{call, i}) }

// Callers returns the calls in the package that may run a function of it.
func (g *Graph) Callers(fn *ssa.Function) []ssa.CallInstruction { return g.callers[fn] }

// OnlyStored returns the value that a package variable is initialized with, nil if something else is stored there too.
func (g *Graph) OnlyStored(v *ssa.Global) ssa.Value {
	if stores := g.stores[v]; len(stores) == 1 && stores[0].Parent().Name() == "init" {
		return stores[0].Val
	}
	return nil
}

// Forward returns the nodes that the values of a node may come to, itself first.
func (g *Graph) Forward(n Node) []Node { return walk(n, g.to) }

// Backward returns the nodes that the values of a node may come from, itself first.
func (g *Graph) Backward(n Node) []Node { return walk(n, g.from) }

// IsSource reports whether nothing else comes to a node, or only what comes from it.
func (g *Graph) IsSource(n Node) bool {
	forward := map[Node]bool{}
	for _, m := range g.Forward(n) {
		forward[m] = true
	}
	for _, m := range g.Backward(n) {
		if !forward[m] {
			return false
		}
	}
	return true
}

func walk(n Node, edges [][]Node) []Node {
	seen := map[Node]bool{n: true}
	out := []Node{n}
	for i := 0; i < len(out); i++ {
		for _, next := range edges[out[i]] {
			if !seen[next] {
				seen[next] = true
				out = append(out, next)
			}
		}
	}
	return out
}

// Meet reports whether two values may be the same object: some value flows into both.
func (g *Graph) Meet(a, b ssa.Value) bool {
	sources := map[Node]bool{}
	for _, n := range g.Backward(g.Of(a)) {
		sources[n] = true
	}
	for _, n := range g.Backward(g.Of(b)) {
		if sources[n] {
			return true
		}
	}
	return false
}

func (g *Graph) node(key any) Node {
	if n, ok := g.nodes[key]; ok {
		return n
	}
	n := Node(len(g.to))
	g.nodes[key] = n
	g.to = append(g.to, nil)
	g.from = append(g.from, nil)
	return n
}

// edge notes that the values of one node come to another.
func (g *Graph) edge(from, to any) {
	a, b := g.node(from), g.node(to)
	if a != b {
		g.to[a] = append(g.to[a], b)
		g.from[b] = append(g.from[b], a)
	}
}

// key is the node of a value: an address and what is there are one, an element is its container, a field of a library's
// configuration is the configuration.
func (g *Graph) key(v ssa.Value) any {
	switch v := v.(type) {
	case *ssa.UnOp:
		if v.Op == token.MUL || v.Op == token.ARROW {
			return g.key(v.X)
		}
	case *ssa.FieldAddr:
		return g.fieldKey(v.X, v.Field)
	case *ssa.Field:
		return g.fieldKey(v.X, v.Field)
	case *ssa.IndexAddr:
		return g.key(v.X)
	case *ssa.Index:
		return g.key(v.X)
	case *ssa.Lookup:
		return g.key(v.X)
	case *ssa.Slice:
		return g.key(v.X)
	case *ssa.Range:
		return g.key(v.X)
	case *ssa.Next:
		return g.key(v.Iter)
	case *ssa.MakeInterface:
		return g.key(v.X)
	case *ssa.ChangeInterface:
		return g.key(v.X)
	case *ssa.ChangeType:
		return g.key(v.X)
	case *ssa.TypeAssert:
		return g.key(v.X)
	case *ssa.Extract:
		switch t := v.Tuple.(type) {
		case *ssa.Call:
			return resultKey{ssa.CallInstruction(t), v.Index}
		case *ssa.Next:
			if v.Index == 2 {
				return g.key(t)
			}
		case *ssa.Lookup, *ssa.TypeAssert, *ssa.UnOp:
			if v.Index == 0 {
				return g.key(t)
			}
		}
	case *ssa.Call:
		return resultKey{ssa.CallInstruction(v), 0}
	}
	return v
}

func (g *Graph) fieldKey(x ssa.Value, index int) any {
	t := x.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || g.cfg.Whole(t) {
		return g.key(x) // a struct without a name, or one that is one object with its fields
	}
	return fieldKey{named.Origin().Obj(), index}
}

// tracked reports whether a value can be an object: numbers, strings and errors are none.
func tracked(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Function, *ssa.Builtin:
		return false
	}
	t := v.Type()
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Basic, *types.Signature:
		return false
	}
	return !types.Identical(t, types.Universe.Lookup("error").Type())
}

// flow notes that a value comes to another, if it can be an object.
func (g *Graph) flow(from, to ssa.Value) {
	if tracked(from) && tracked(to) {
		g.edge(g.key(from), g.key(to))
	}
}

func (g *Graph) add(in ssa.Instruction) {
	switch in := in.(type) {
	case *ssa.Phi:
		for _, e := range in.Edges {
			g.flow(e, in)
		}
	case *ssa.Store:
		g.flow(in.Val, in.Addr)
		g.addStore(in)
	case *ssa.MapUpdate:
		g.flow(in.Value, in.Map)
	case *ssa.Send:
		g.flow(in.X, in.Chan)
	case *ssa.Return:
		for i, r := range in.Results {
			if tracked(r) {
				g.edge(g.key(r), resultKey{in.Parent(), i})
			}
		}
	case *ssa.MakeClosure:
		fn := in.Fn.(*ssa.Function)
		g.closers[fn] = append(g.closers[fn], in)
		for i, b := range in.Bindings {
			g.flow(b, fn.FreeVars[i])
			g.flow(fn.FreeVars[i], b) // one variable
		}
	case ssa.CallInstruction:
		g.addCall(in)
	}
}

func (g *Graph) addStore(in *ssa.Store) {
	switch addr := in.Addr.(type) {
	case *ssa.Global:
		g.stores[addr] = append(g.stores[addr], in)
	case *ssa.FieldAddr:
		if key, _, ok := exactField(addr); ok {
			g.stores[key] = append(g.stores[key], in)
		}
	}
}

// nestedKey is a field of a field whose struct type has no name.
type nestedKey struct {
	outer any
	index int
}

// exactField is the field that a value is, or is the address of. It tells fields of one object apart, for their constants.
func exactField(v ssa.Value) (key any, field *types.Var, ok bool) {
	var x ssa.Value
	var index int
	switch v := v.(type) {
	case *ssa.FieldAddr:
		x, index = v.X, v.Field
	case *ssa.Field:
		x, index = v.X, v.Field
	default:
		return nil, nil, false
	}
	t := x.Type()
	if p, isPtr := t.Underlying().(*types.Pointer); isPtr {
		t = p.Elem()
	}
	st, isStruct := t.Underlying().(*types.Struct)
	if !isStruct {
		return nil, nil, false // a type parameter
	}
	if named, isNamed := types.Unalias(t).(*types.Named); isNamed {
		return fieldKey{named.Origin().Obj(), index}, st.Field(index), true
	}
	outer, _, ok := exactField(x)
	return nestedKey{outer, index}, st.Field(index), ok
}

// Given lists what a call gives for the parameters of the function that it runs, the receiver first.
func Given(call ssa.CallInstruction) []ssa.Value {
	common := call.Common()
	if common.IsInvoke() {
		return append([]ssa.Value{common.Value}, common.Args...)
	}
	if c, ok := common.Value.(*ssa.MakeClosure); ok && isBound(c) {
		return append([]ssa.Value{c.Bindings[0]}, common.Args...)
	}
	return common.Args
}

// isBound reports whether a function value is a method with its receiver: mu.Unlock.
func isBound(c *ssa.MakeClosure) bool {
	fn, ok := c.Fn.(*ssa.Function)
	return ok && fn.Synthetic != "" && fn.Parent() == nil && len(c.Bindings) == 1
}

// outParam reports whether a type is that of a parameter which a function may put an object into.
func outParam(t types.Type) bool {
	p, ok := t.Underlying().(*types.Pointer)
	if !ok {
		return false
	}
	switch p.Elem().Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Map, *types.Slice:
		return true
	}
	return false
}

func (g *Graph) addCall(call ssa.CallInstruction) {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" && call.Value() != nil {
			for _, a := range common.Args {
				g.flow(a, call.Value())
			}
		}
		return
	}
	if alias := g.cfg.Alias(call); alias != nil && tracked(alias) {
		g.edge(g.key(alias), resultKey{call, 0})
		g.edge(resultKey{call, 0}, g.key(alias)) // one object
	}
	for _, fn := range g.cfg.Callees(call) {
		g.callers[fn] = append(g.callers[fn], call)
		for i, a := range Given(call) {
			if i >= len(fn.Params) {
				continue // ssa counts otherwise
			}
			g.flow(a, fn.Params[i])
			if outParam(a.Type()) {
				g.flow(fn.Params[i], a)
			}
		}
		for i := range fn.Signature.Results().Len() {
			g.edge(resultKey{fn, i}, resultKey{call, i})
		}
	}
}
