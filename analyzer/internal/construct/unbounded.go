package construct

import (
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// unbounded reports whether a map gets a pool for every key that comes, and nothing takes one out or counts them.
func (b *Builder) unbounded(fn *ssa.Function, g repeat.Guard, at repeat.Location) bool {
	if !isMap(g.Value.Type()) || roleName.MatchString(at.Name()) {
		return false // a cache that may have a bound, or one for each role
	}
	for _, f := range b.Funcs {
		if repeat.Evicted(f, at) {
			return false // it has a bound, or is emptied
		}
	}
	return b.anyKey(fn, g) && !lookedUpElsewhere(fn, keyOf(g.If.Cond), g.Value)
}

// lookedUpElsewhere reports whether the key has to be in another map: there are as many as that has.
func lookedUpElsewhere(fn *ssa.Function, key, here ssa.Value) bool {
	for _, block := range fn.Blocks {
		for _, in := range block.Instrs {
			if l, ok := in.(*ssa.Lookup); ok && l.Index == key && !types.Identical(l.X.Type(), here.Type()) {
				return true
			}
		}
	}
	return false
}

// anyKey reports whether the key of a lookup may be one of many: not a constant, nor of a type that lists its values.
func (b *Builder) anyKey(fn *ssa.Function, g repeat.Guard) bool {
	key := keyOf(g.If.Cond)
	if key == nil {
		return false // how it is looked up is not known
	}
	if m, ok := key.(*ssa.MakeInterface); ok {
		key = m.X
	}
	if _, ok := key.(*ssa.Const); ok {
		return false
	}
	if named, ok := types.Unalias(key.Type()).(*types.Named); ok && enumerated(named) {
		return false // a role
	}
	if fromSettings(key) {
		return false // as many as the program is told of
	}
	name := key.Name()
	if p, ok := key.(*ssa.Parameter); ok {
		name = p.Name()
		if obj, ok := fn.Object().(*types.Func); ok && !obj.Exported() && b.constantArguments(fn, slices.Index(fn.Params, p)) {
			return false // the callers name the keys
		}
	}
	return !roleName.MatchString(name)
}

// settingsName matches the types of settings.
var settingsName = regexp.MustCompile(`(?i)config|options|settings|properties`)

// fromSettings reports whether a value is a field of the program's settings.
func fromSettings(v ssa.Value) bool {
	for range program.MaxUses {
		switch x := v.(type) {
		case *ssa.UnOp:
			v = x.X
		case *ssa.Convert:
			v = x.X
		case *ssa.ChangeType:
			v = x.X
		case *ssa.FieldAddr:
			return settingsName.MatchString(types.TypeString(x.X.Type(), func(*types.Package) string { return "" }))
		case *ssa.Field:
			return settingsName.MatchString(types.TypeString(x.X.Type(), func(*types.Package) string { return "" }))
		}
	}
	return false
}

// roleName matches the names of what a program has a few of: roles and shards.
var roleName = regexp.MustCompile(`(?i)role|shard|region|primary|replica|reader|writer|readonly|datacenter|dialect|driver|kind|mode|env`)

// keyOf returns the key of the lookup that a condition looks at.
func keyOf(cond ssa.Value) ssa.Value {
	switch c := cond.(type) {
	case *ssa.UnOp:
		return keyOf(c.X)
	case *ssa.Extract:
		switch t := c.Tuple.(type) {
		case *ssa.Lookup:
			return t.Index
		case *ssa.Call:
			if n := len(t.Call.Args); n > 1 {
				return t.Call.Args[1]
			}
		}
	case *ssa.BinOp:
		for _, side := range []ssa.Value{c.X, c.Y} {
			if l, ok := side.(*ssa.Lookup); ok {
				return l.Index
			}
		}
	}
	return nil
}

// enumerated reports whether the package of a type declares constants of it.
func enumerated(named *types.Named) bool {
	pkg := named.Obj().Pkg()
	if pkg == nil {
		return false
	}
	for _, name := range pkg.Scope().Names() {
		if c, ok := pkg.Scope().Lookup(name).(*types.Const); ok && types.Identical(c.Type(), named) {
			return true
		}
	}
	return false
}

// constantArguments reports whether all calls of fn in the package give a constant for parameter i.
func (b *Builder) constantArguments(fn *ssa.Function, i int) bool {
	calls := 0
	for _, f := range b.Funcs {
		for _, block := range f.Blocks {
			for _, in := range block.Instrs {
				call, ok := in.(ssa.CallInstruction)
				if !ok {
					continue
				}
				if _, to := program.Callee(call); to != fn {
					continue
				}
				calls++
				if _, ok := call.Common().Args[i].(*ssa.Const); !ok {
					return false
				}
			}
		}
	}
	return calls > 0
}
