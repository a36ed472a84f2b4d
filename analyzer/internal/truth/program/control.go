package program

import "fmt"

// Styles of Read: what is done when a row cannot be scanned.
const (
	ScanReturn = iota
	ScanBreak
	ScanContinue
	ScanIgnore
	NoScan
	scanStyles
)

// Styles of Loop.
const (
	Twice = iota // a constant number of rounds
	NTimes
	Counted
	loopStyles
)

// read writes a statement that reads rows.
func (p *printer) read(n *Node) {
	switch n.Op {
	case Read:
		p.loop(n)
	case Each:
		if p.f.Library == SQL {
			p.loop(n)
			return
		}
		p.printf("if _, err := pgx.ForEachRow(%s, []any{new(int64)}, func() error {", n.On)
		p.literal(withError, n.Body, "return nil")
		p.printf("}); err != nil {\n%s\n}", p.out("err"))
	case Next:
		p.printf("if %s.Next() {", n.On)
		p.body(n.Body, "")
		p.printf("}")
	case Drain:
		if p.f.Library == SQL {
			p.printf("for %s.Next() {\n}", n.On)
			return
		}
		collect := []string{"CollectRows", "CollectOneRow"}[n.Style%2]
		p.check(fmt.Sprintf("_, err := pgx.%s(%s, pgx.RowTo[int64])", collect, n.On), "err")
	case Err:
		p.check("err := "+n.On+".Err()", "err")
	}
}

// loop writes a loop over rows.
func (p *printer) loop(n *Node) {
	p.printf("for %s.Next() {", n.On)
	scan := fmt.Sprintf("%s.Scan(new(int64))", n.On)
	switch n.Style {
	case ScanReturn:
		p.check("err := "+scan, "err")
	case ScanBreak:
		p.printf("if err := %s; err != nil {\nbreak\n}", scan)
	case ScanContinue:
		p.printf("if err := %s; err != nil {\ncontinue\n}", scan)
	case ScanIgnore:
		p.printf("_ = %s", scan)
	}
	p.body(n.Body, "")
	p.printf("}")
}

// runs writes a statement with a function literal.
func (p *printer) runs(n *Node) {
	fails := fmt.Sprintf("err != nil {\n%s\n}", p.out("err"))
	switch n.Op {
	case InTx:
		if p.f.Library == SQL {
			p.printf("if err := withTx(ctx, %s, func(%s *sql.Tx) error {", p.handle(n.On), n.Var)
		} else {
			p.printf("if err := pgx.BeginFunc(ctx, %s, func(%s pgx.Tx) error {", p.handle(n.On), n.Var)
		}
		p.literal(withError, n.Body, "return nil")
		p.printf("}); %s", fails)
	case InConn:
		if p.f.Library == SQL {
			p.printf("if err := withConn(ctx, %s, func(%s *sql.Conn) error {", p.handle(n.On), n.Var)
		} else {
			p.printf("if err := %s.AcquireFunc(ctx, func(%s *pgxpool.Conn) error {", p.handle(n.On), n.Var)
		}
		p.literal(withError, n.Body, "return nil")
		p.printf("}); %s", fails)
	case Closure:
		p.closure(n, fails)
	case Go:
		p.printf("var %s sync.WaitGroup", n.Var)
		if n.Style > 0 {
			p.printf("for range 2 {")
		}
		p.printf("%s.Go(func() {", n.Var)
		p.literal(withNothing, n.Body, "")
		p.printf("})")
		if n.Style > 0 {
			p.printf("}")
		}
		p.body(n.Else, "")
		p.printf("%s.Wait()", n.Var)
	}
}

// closure writes a function literal that is called at once, called by its name, or deferred.
func (p *printer) closure(n *Node, fails string) {
	switch n.Style {
	case Deferred:
		p.printf("defer func() {")
		p.literal(withNothing, n.Body, "")
		p.printf("}()")
	case 1:
		p.printf("%s := func() error {", n.Var)
		p.literal(withError, n.Body, "return nil")
		p.printf("}\nif err := %s(); %s", n.Var, fails)
	default:
		p.printf("if err := func() error {")
		p.literal(withError, n.Body, "return nil")
		p.printf("}(); %s", fails)
	}
}

// control writes a statement that decides what comes next.
func (p *printer) control(n *Node) {
	switch n.Op {
	case If:
		p.printf("if %s {", n.Cond)
		p.body(n.Body, "")
		if len(n.Else) > 0 {
			p.printf("} else {")
			p.body(n.Else, "")
		}
		p.printf("}")
	case Switch:
		p.printf("switch k {")
		for i, c := range n.Else {
			p.printf("case %d:", i)
			p.body(c.Body, "")
		}
		p.printf("default:")
		p.body(n.Body, "")
		p.printf("}")
	case Loop:
		p.printf("%s {", []string{"for range 2", "for range m", "for i := 0; i < m; i++"}[n.Style])
		p.body(n.Body, "")
		p.printf("}")
	case Break:
		p.printf("break")
	case Continue:
		p.printf("continue")
	case Return:
		p.printf("%s", p.out([]string{"nil", "errStop"}[n.Style%2]))
	case Give:
		p.printf("return %s, nil", n.On)
	case Panic:
		p.printf("panic(errStop)")
	case Recover:
		if p.named {
			p.printf("defer func() {\nif recover() != nil {\nerr = errStop\n}\n}()")
		} else {
			p.printf("defer func() {\n_ = recover()\n}()")
		}
	case SetFlag:
		p.printf("%s = true", n.On)
	case Cancel:
		p.printf("ctx, cancel := context.WithCancel(ctx)\ndefer cancel()")
	}
}
