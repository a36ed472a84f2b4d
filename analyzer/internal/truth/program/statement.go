package program

import (
	"fmt"
	"strings"
)

// statement writes one statement.
func (p *printer) statement(n *Node) {
	switch n.Op {
	case Query, QueryRow, Begin, Acquire, SendBatch, Prepare, Get:
		p.acquire(n)
	case Declare:
		if p.uses[n.Var] > 0 || p.assigned(n.Var) {
			p.printf("var %s %s", n.Var, types[p.f.Library][n.Kind])
		}
		if p.uses[n.Var] == 0 && p.assigned(n.Var) {
			p.printf("_ = %s", n.Var)
		}
	case Alias:
		p.define(n, n.On)
	case Wrap:
		p.define(n, fmt.Sprintf("&%s{inner: %s}", p.boxName(n.Kind), n.On))
	case Method:
		name := "Close"
		if p.kinds[n.On] == Conn && p.f.Library == PGX {
			name = "Release"
		}
		p.define(n, n.On+"."+name)
	case Exec:
		call := fmt.Sprintf("%s.%s(ctx%s)", p.handle(n.On), p.name("Exec"), p.sql(n))
		if n.Style == Checked {
			p.check("_, err := "+call, "err")
		} else {
			p.printf("_, _ = %s", call)
		}
	case Release:
		p.release(n)
	case Defer:
		p.deferred(n)
	case Read, Next, Drain, Each, Err:
		p.read(n)
	case Call:
		p.check("err := "+p.call(n), "err")
	case InTx, InConn, Closure, Go:
		p.runs(n)
	default:
		p.control(n)
	}
}

// assigned reports whether a variable is set by a later statement.
func (p *printer) assigned(name string) bool {
	found := false
	p.f.Each(func(n *Node) { found = found || n.Assign && n.Var == name })
	return found
}

// define writes Var := value.
func (p *printer) define(n *Node, value string) {
	if p.uses[n.Var] == 0 {
		p.printf("_ = %s", value)
		return
	}
	p.printf("%s := %s", n.Var, value)
}

// check writes a statement whose error ends the function.
func (p *printer) check(statement, err string) {
	p.printf("if %s; err != nil {\n%s\n}", statement, p.out(err))
}

// handle writes what a statement works on.
func (p *printer) handle(on string) string {
	if on == "pool" {
		return p.pool
	}
	return on
}

// name is the name of a method that takes a context.
func (p *printer) name(method string) string {
	if p.f.Library == SQL {
		return method + "Context"
	}
	return method
}

// sql is the argument with the statement.
func (p *printer) sql(n *Node) string {
	switch {
	case p.kinds[n.On] == Stmt:
		return "" // it has its own
	case n.Op == Exec:
		return `, "select now()"`
	}
	if n.Op == Prepare {
		return fmt.Sprintf(`, "select id from generate_series(1, 2) as id -- %s"`, n.Var) // a client may know the others already
	}
	return `, "select id from generate_series(1, 2) as id"`
}

// call writes the call of a helper.
func (p *printer) call(n *Node) string {
	args := append([]string{"ctx", p.handle(n.On)}, p.helpers[n.Helper]...)
	return n.Helper + "(" + strings.Join(args, ", ") + ")"
}

// taking is the call that takes something.
func (p *printer) taking(n *Node) string {
	on := p.handle(n.On)
	switch n.Op {
	case Query, QueryRow, Prepare:
		return fmt.Sprintf("%s.%s(ctx%s)", on, p.name(map[Op]string{Query: "Query", QueryRow: "QueryRow", Prepare: "Prepare"}[n.Op]), p.sql(n))
	case Begin:
		if p.f.Library == SQL {
			return on + ".BeginTx(ctx, nil)"
		}
		return on + ".Begin(ctx)"
	case Acquire:
		if p.f.Library == SQL {
			return on + ".Conn(ctx)"
		}
		return on + ".Acquire(ctx)"
	case SendBatch:
		p.printf("var queue%s pgx.Batch\nqueue%s.Queue(%s)", n.Var, n.Var, strings.TrimPrefix(p.sql(n), ", "))
		return fmt.Sprintf("%s.SendBatch(ctx, &queue%s)", on, n.Var)
	}
	return p.call(n)
}

// acquire writes a statement that takes something, and what is done with its error.
func (p *printer) acquire(n *Node) {
	call, name, sign := p.taking(n), n.Var, ":="
	if p.uses[n.Var] == 0 && !n.Assign {
		name = "_"
	}
	if n.Assign {
		sign = "="
	}
	if !fallible(n.Op) {
		if name == "_" {
			sign = "="
		}
		p.printf("%s %s %s", name, sign, call)
		return
	}
	take := fmt.Sprintf("%s, err %s %s", name, sign, call)
	switch n.Style {
	case ErrIgnore:
		if name == "_" {
			sign = "="
		}
		p.printf("%s, _ %s %s", name, sign, call)
		return
	case ErrInside:
		p.printf("if %s; err == nil {", take)
		p.body(n.Body, "")
		p.printf("}")
		return
	case ErrElse:
		p.printf("if %s; err != nil {\n%s\n} else {", take, p.out("err"))
		p.body(n.Body, "")
		p.printf("}")
		return
	}
	if name == "_" {
		p.printf("if %s; err != nil {", take)
	} else {
		p.printf("%s\nif err != nil {", take)
	}
	switch n.Style {
	case ErrWrap:
		p.printf("%s\n}", p.out(`fmt.Errorf("take: %w", err)`))
		if p.leave == withNothing {
			return
		}
	case ErrSwitch:
		p.printf("if errors.Is(err, context.Canceled) {\n%s\n}\n%s\n}", p.out("errStop"), p.out("err"))
	case ErrQuiet:
		p.printf("%s\n}", p.out("nil"))
	default:
		p.printf("%s\n}", p.out("err"))
	}
}

// releasing is the call that releases a variable, and whether it returns an error.
func (p *printer) releasing(n *Node) (call string, fails bool) {
	commit := n.Style == CommitPlain || n.Style == CommitChecked
	ctx := "ctx"
	if p.f.Library == SQL {
		ctx = ""
	}
	switch p.kinds[n.On] {
	case Tx:
		if commit {
			return n.On + ".Commit(" + ctx + ")", true
		}
		return n.On + ".Rollback(" + ctx + ")", true
	case Row:
		return n.On + ".Scan(new(int64))", true
	case Conn:
		if p.f.Library == PGX {
			return n.On + ".Release()", false
		}
	case Closer:
		return n.On + "()", false
	case RowsBox, TxBox, ConnBox:
		return n.On + ".Close()", false
	case Rows:
		return n.On + ".Close()", p.f.Library == SQL
	}
	return n.On + ".Close()", true
}

// release writes a statement that releases.
func (p *printer) release(n *Node) {
	call, fails := p.releasing(n)
	switch {
	case fails && (n.Style == Checked || n.Style == CommitChecked):
		p.check("err := "+call, "err")
	case n.Style == UnlessNil:
		p.printf("if %s != nil {\n%s\n}", n.On, call)
	case fails:
		p.printf("_ = %s", call)
	default:
		p.printf("%s", call)
	}
}

// deferred writes a statement that releases at the end.
func (p *printer) deferred(n *Node) {
	call, _ := p.releasing(n)
	switch n.Style {
	case InClosure:
		p.printf("defer func() {\n%s\n}()", call)
	case UnlessNil:
		p.printf("defer func() {\nif %s != nil {\n%s\n}\n}()", n.On, call)
	case OnError:
		if !p.named {
			p.printf("defer func() {\n%s\n}()", call)
			return
		}
		p.printf("defer func() {\nif err != nil {\n%s\n}\n}()", call)
	case UnlessFlag:
		p.printf("%s := false\ndefer func() {\nif !%s {\n%s\n}\n}()", n.Var, n.Var, call)
	case IfCond:
		p.printf("if %s {\ndefer %s\n}", n.Cond, call)
	default:
		p.printf("defer %s", call)
	}
}
