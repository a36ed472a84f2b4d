package origin

import (
	"go/constant"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Hole stands for a part of a text that is not known.
const Hole = "\x00"

// Text returns what is known of a string: its constant parts, with a [Hole] for each other one.
func (g *Graph) Text(v ssa.Value) string { return g.text(v, maxDepth) }

func (g *Graph) text(v ssa.Value, depth int) string {
	if depth == 0 {
		return Hole
	}
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.String {
			return constant.StringVal(v.Value)
		}
	case *ssa.ChangeType:
		return g.text(v.X, depth-1)
	case *ssa.Convert:
		return g.text(v.X, depth-1)
	case *ssa.MakeInterface:
		return g.text(v.X, depth-1)
	case *ssa.BinOp:
		if v.Op == token.ADD {
			return g.text(v.X, depth-1) + g.text(v.Y, depth-1)
		}
	case *ssa.Call:
		switch fn := v.Call.StaticCallee(); {
		case fn == nil:
		case fn.String() == "fmt.Sprintf":
			return g.formatted(v.Call.Args, depth-1)
		case fn.String() == "strings.Join":
			return g.joined(v.Call.Args, depth-1)
		}
	}
	return g.onlyText(v)
}

// onlyText is the text of a value that can be one constant only.
func (g *Graph) onlyText(v ssa.Value) string {
	found := ""
	for _, l := range g.Leaves(v) {
		switch {
		case l.Kind == Parameter:
			if !g.callersKnown(l.Param) {
				return Hole
			}
			continue
		case l.Kind != Constant || l.Value.Kind() != constant.String:
			return Hole
		case found != "" && found != constant.StringVal(l.Value):
			return Hole
		}
		found = constant.StringVal(l.Value)
	}
	if found == "" {
		return Hole
	}
	return found
}

// callersKnown reports whether all calls of a function are in the package, and give the parameter a constant.
func (g *Graph) callersKnown(p *ssa.Parameter) bool {
	fn := p.Parent()
	if obj := fn.Object(); obj == nil || obj.Exported() {
		return false
	}
	for _, call := range g.callers[fn] {
		for i, q := range fn.Params {
			if _, ok := Given(call)[i].(*ssa.Const); q == p && !ok {
				return false
			}
		}
	}
	return true
}

// formatted is the text of fmt.Sprintf: the format with the arguments that are known.
func (g *Graph) formatted(args []ssa.Value, depth int) string {
	if len(args) != 2 {
		return Hole
	}
	format := g.text(args[0], depth)
	values := Elements(args[1])
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 >= len(format) {
			b.WriteByte(format[i])
			continue
		}
		i++
		if format[i] == '%' {
			b.WriteByte('%')
			continue
		}
		if format[i] == '[' {
			return Hole // the arguments come in another order
		}
		for i+1 < len(format) && strings.IndexByte("+-# .0123456789", format[i]) >= 0 {
			i++
		}
		if len(values) == 0 {
			b.WriteString(Hole)
			continue
		}
		b.WriteString(g.printed(values[0], depth))
		values = values[1:]
	}
	return b.String()
}

// joined is the text of strings.Join.
func (g *Graph) joined(args []ssa.Value, depth int) string {
	var parts []string
	for _, e := range Elements(args[0]) {
		parts = append(parts, g.text(e, depth))
	}
	if len(parts) == 0 {
		return Hole
	}
	return strings.Join(parts, g.text(args[1], depth))
}

// printed is the text of an argument of fmt.Sprintf.
func (g *Graph) printed(v ssa.Value, depth int) string {
	leaves := g.Leaves(v)
	if len(leaves) == 1 && leaves[0].Kind == Constant && leaves[0].Value.Kind() == constant.Int {
		return leaves[0].Value.ExactString()
	}
	return g.text(v, depth)
}

// Elements lists what a variadic call is given, in order.
func Elements(v ssa.Value) []ssa.Value {
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	array, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var out []ssa.Value
	for _, ref := range *array.Referrers() {
		if at, ok := ref.(*ssa.IndexAddr); ok {
			out = append(out, storedIn(at)...)
		}
	}
	return out
}

// storedIn lists what is stored at an address in its own function.
func storedIn(addr ssa.Value) []ssa.Value {
	var out []ssa.Value
	for _, ref := range *addr.Referrers() {
		if st, ok := ref.(*ssa.Store); ok && st.Addr == addr {
			out = append(out, st.Val)
		}
	}
	return out
}
