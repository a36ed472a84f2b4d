package fact

import (
	"fmt"
	"go/types"
	"strings"
)

// Signature is the text of a method's signature by which a fact of another package is compared with an interface: without the
// names of parameters, with full package paths, and with aliases resolved, so that identical types have one text.
func Signature(m *types.Func) string {
	var b strings.Builder
	writeSignature(&b, m.Signature())
	return b.String()
}

func writeSignature(b *strings.Builder, sig *types.Signature) {
	b.WriteString("func(")
	writeTuple(b, sig.Params())
	if sig.Variadic() {
		b.WriteString("...")
	}
	b.WriteString(")(")
	writeTuple(b, sig.Results())
	b.WriteByte(')')
}

func writeTuple(b *strings.Builder, t *types.Tuple) {
	for i := range t.Len() {
		writeType(b, t.At(i).Type())
		b.WriteByte(',')
	}
}

func writeType(b *strings.Builder, t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Pointer:
		b.WriteByte('*')
		writeType(b, t.Elem())
	case *types.Slice:
		b.WriteString("[]")
		writeType(b, t.Elem())
	case *types.Array:
		fmt.Fprintf(b, "[%d]", t.Len())
		writeType(b, t.Elem())
	case *types.Map:
		b.WriteString("map[")
		writeType(b, t.Key())
		b.WriteByte(']')
		writeType(b, t.Elem())
	case *types.Chan:
		fmt.Fprintf(b, "chan%d ", t.Dir())
		writeType(b, t.Elem())
	case *types.Signature:
		writeSignature(b, t)
	case *types.Named:
		writeNamed(b, t)
	case *types.Interface:
		writeInterface(b, t)
	default: // basic types; structs without a name, which no method of the programs seen takes
		b.WriteString(types.TypeString(t, nil))
	}
}

func writeNamed(b *strings.Builder, t *types.Named) {
	if p := t.Obj().Pkg(); p != nil {
		b.WriteString(p.Path())
		b.WriteByte('.')
	}
	b.WriteString(t.Obj().Name())
	for i := range t.TypeArgs().Len() {
		b.WriteByte('[')
		writeType(b, t.TypeArgs().At(i))
	}
}

func writeInterface(b *strings.Builder, t *types.Interface) {
	b.WriteString("interface{")
	for i := range t.NumMethods() { // sorted
		b.WriteString(t.Method(i).Name())
		writeSignature(b, t.Method(i).Signature())
		b.WriteByte(';')
	}
	b.WriteByte('}')
}
