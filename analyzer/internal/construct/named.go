package construct

import (
	"go/constant"
	"go/types"
	"regexp"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/program"
)

// targetName matches the names of what tells one database from others.
var targetName = regexp.MustCompile(`(?i)target|dsn|conn_?(str|string|url|uri|info)|connection|instance|data_?source|database_?ur[il]|host`)

// maxTrace bounds how many steps back a connection string is followed to the request.
const maxTrace = 30

// namedByCaller reports whether whoever sends a request names the database that a construction is for: a probe of many
// targets, a form that tests a connection. No pool can be there for it before. A tenant of the program's own is no such.
func (b *Builder) namedByCaller(c *Construction) bool {
	for _, a := range b.decisiveArgs(c) {
		t := &trace{seen: map[ssa.Value]bool{}}
		t.follow(a, maxTrace)
		if t.request && t.target && !t.tenant {
			return true
		}
	}
	return false
}

// trace follows a value back to what it is made of.
type trace struct {
	seen                    map[ssa.Value]bool
	request, target, tenant bool
}

func (t *trace) follow(v ssa.Value, depth int) {
	if v == nil || depth == 0 || t.seen[v] {
		return
	}
	t.seen[v] = true
	switch v := v.(type) {
	case *ssa.Const:
		if v.Value != nil && v.Value.Kind() == constant.String {
			t.name(constant.StringVal(v.Value))
		}
		return
	case *ssa.Parameter:
		t.name(v.Name())
		receiver := v.Parent().Signature.Recv() != nil && v == v.Parent().Params[0]
		t.request = t.request || !program.IsContext(v.Type()) && !receiver
		return
	case *ssa.Alloc:
		t.name(v.Comment)
		for _, s := range program.StoredIn(v) {
			t.follow(s, depth-1)
		}
		t.fillers(v, depth-1)
		return
	case *ssa.FieldAddr:
		t.name(fieldName(v.X.Type(), v.Field))
	case *ssa.Field:
		t.name(fieldName(v.X.Type(), v.Field))
	case *ssa.Call:
		if fn := v.Call.StaticCallee(); fn != nil {
			t.target = t.target || targetName.MatchString(fn.Name())
		}
		t.args(v, depth-1)
		return
	}
	if in, ok := v.(ssa.Instruction); ok {
		for _, op := range in.Operands(nil) {
			t.follow(*op, depth-1)
		}
	}
}

// fillers follows what is given along with a variable to the functions that fill it in: req := new(Form); decode(r, req).
func (t *trace) fillers(v ssa.Value, depth int) {
	for _, ref := range *v.Referrers() {
		switch ref := ref.(type) {
		case ssa.CallInstruction:
			t.args(ref, depth)
		case *ssa.MakeInterface:
			t.fillers(ref, depth)
		}
	}
}

func (t *trace) args(call ssa.CallInstruction, depth int) {
	if call.Common().IsInvoke() {
		t.follow(call.Common().Value, depth)
	}
	for _, a := range call.Common().Args {
		t.follow(a, depth)
	}
}

func (t *trace) name(s string) {
	t.target = t.target || targetName.MatchString(s)
	t.tenant = t.tenant || tenantName.MatchString(s)
}

func fieldName(t types.Type, i int) string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		return s.Field(i).Name()
	}
	return ""
}
