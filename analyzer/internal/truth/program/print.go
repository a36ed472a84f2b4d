package program

import (
	"fmt"
	"go/format"
	"regexp"
	"slices"
	"strings"
)

// names of types and packages by library.
var types = map[Library]map[Kind]string{
	PGX: {Pool: "*pgxpool.Pool", Conn: "*pgxpool.Conn", Tx: "pgx.Tx", Rows: "pgx.Rows", Row: "pgx.Row", Batch: "pgx.BatchResults"},
	SQL: {Pool: "*sql.DB", Conn: "*sql.Conn", Tx: "*sql.Tx", Rows: "*sql.Rows", Row: "*sql.Row", Stmt: "*sql.Stmt"},
}

// printer writes one function.
type printer struct {
	f       *Function
	b       strings.Builder
	uses    map[string]int
	kinds   map[string]Kind
	leave   leaving
	named   bool // the named result is in scope
	pool    string
	helpers map[string][]string // the inputs that a helper is given
}

// leaving is how a function is left.
type leaving int

const (
	withError leaving = iota
	withPair          // a result and an error
	withNothing
)

// Source returns the file of a function, in a package of the given name.
func (f *Function) Source(pkg string) ([]byte, error) {
	p := &printer{f: f, uses: map[string]int{}, kinds: map[string]Kind{"pool": Pool, "replica": Pool}, helpers: map[string][]string{}}
	f.Each(func(n *Node) {
		p.uses[n.On]++
		for _, name := range words.FindAllString(n.Cond, -1) {
			p.uses[name]++
		}
		if kind := f.made(n); kind != None {
			p.kinds[n.Var] = kind
		}
		if n.Op == Defer && n.Style == UnlessFlag {
			p.uses[n.Var]++
		}
	})
	for _, h := range f.Helpers {
		p.kinds[h.Param] = h.Kind
		p.uses[h.Out]++
		p.helpers[h.Name] = inputsOf(h.Body)
	}
	p.function()
	for _, h := range f.Helpers {
		p.helper(h)
	}
	p.boxes()
	text := p.b.String()
	head := "package " + pkg + "\n\nimport (\n"
	for _, imported := range []struct{ name, path string }{
		{"context", "context"}, {"sql", "database/sql"}, {"errors", "errors"}, {"fmt", "fmt"}, {"sync", "sync"},
		{"pgx", "github.com/jackc/pgx/v5"}, {"pgxpool", "github.com/jackc/pgx/v5/pgxpool"},
	} {
		if strings.Contains(text, imported.name+".") {
			head += fmt.Sprintf("\t%q\n", imported.path)
		}
	}
	source, err := format.Source([]byte(head + ")\n\n" + text))
	if err != nil {
		return nil, fmt.Errorf("%w in\n%s", err, text)
	}
	return source, nil
}

var words = regexp.MustCompile(`\w+`)

// inputsOf returns the inputs that statements read.
func inputsOf(body []*Node) []string {
	read := map[string]bool{}
	walk(body, func(n *Node) {
		for _, name := range words.FindAllString(n.Cond, -1) {
			read[name] = true
		}
		read["k"] = read["k"] || n.Op == Switch
		read["m"] = read["m"] || n.Op == Loop && n.Style > 0
	})
	var used []string
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "n", "k", "m"} {
		if read[name] {
			used = append(used, name)
		}
	}
	return used
}

// Uses returns a letter for each input that the function reads.
func (f *Function) Uses() string {
	used := inputsOf(f.Body)
	for _, h := range f.Helpers {
		used = append(used, inputsOf(h.Body)...)
	}
	return strings.Join(used, "")
}

// printf writes a line.
func (p *printer) printf(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

// function writes the function that is run, and what its handle needs.
func (p *printer) function() {
	f := p.f
	result := "error"
	if f.Named {
		result = "(err error)"
	}
	pool := types[f.Library][Pool]
	params := fmt.Sprintf("ctx context.Context, pool, replica %s, a, b, c, d, e, f bool, n, k, m int", pool)
	p.pool = "pool"
	switch f.Handle {
	case Param:
		p.printf("func %s(%s) %s {", f.Name, params, result)
	default:
		p.printf("type service%s struct { primary %s }\n", f.Name, pool)
		p.printf("func %s(%s) error {", f.Name, params)
		p.printf("return (&service%s{primary: pool}).run(ctx, replica, a, b, c, d, e, f, n, k, m)\n}\n", f.Name)
		p.pool = "s.primary"
		if f.Handle == Getter {
			p.printf("func (s *service%s) first() %s { return s.primary }\n", f.Name, pool)
			p.pool = "s.first()"
		}
		p.printf("func (s *service%s) run(ctx context.Context, replica %s, a, b, c, d, e, f bool, n, k, m int) %s {", f.Name, pool, result)
	}
	if !f.Named && assigns(f.Body) {
		p.printf("var err error\n_ = err")
	}
	p.leave, p.named = withError, f.Named
	p.body(f.Body, "return nil")
	p.printf("}\n")
}

// assigns reports whether statements set a variable that is there already, together with err.
func assigns(body []*Node) bool {
	found := false
	walk(body, func(n *Node) { found = found || n.Assign && n.Style != ErrIgnore && fallible(n.Op) })
	return found
}

// helper writes a helper.
func (p *printer) helper(h *Helper) {
	params := []string{"ctx context.Context", h.Param + " " + types[p.f.Library][h.Kind]}
	for _, name := range p.helpers[h.Name] {
		kind := "bool"
		if slices.Contains([]string{"n", "k", "m"}, name) {
			kind = "int"
		}
		params = append(params, name+" "+kind)
	}
	result, end := "error", "return nil"
	p.leave, p.named, p.pool = withError, false, "pool"
	if h.Result != None {
		result, end = "("+types[p.f.Library][h.Result]+", error)", "return "+h.Out+", nil"
		p.leave = withPair
	}
	p.printf("func %s(%s) %s {", h.Name, strings.Join(params, ", "), result)
	if assigns(h.Body) {
		p.printf("var err error\n_ = err")
	}
	p.body(h.Body, end)
	p.printf("}\n")
}

// body writes statements, and a last one unless they leave the function.
func (p *printer) body(body []*Node, end string) {
	for _, n := range body {
		p.statement(n)
	}
	if len(body) > 0 && slices.Contains([]Op{Return, Give, Panic, Break, Continue}, body[len(body)-1].Op) {
		return // it is left
	}
	if end != "" {
		p.printf("%s", end)
	}
}

// boxes writes the types around resources.
func (p *printer) boxes() {
	for _, box := range []struct {
		kind, of Kind
		release  string
	}{{RowsBox, Rows, "Close()"}, {TxBox, Tx, "Rollback(context.Background())"}, {ConnBox, Conn, "Release()"}} {
		found := false
		p.f.Each(func(n *Node) { found = found || n.Op == Wrap && n.Kind == box.kind })
		if !found {
			continue
		}
		release := box.release
		if p.f.Library == SQL {
			release = map[Kind]string{Rows: "Close()", Tx: "Rollback()", Conn: "Close()"}[box.of]
		}
		name := p.boxName(box.kind)
		p.printf("type %s struct { inner %s }\n", name, types[p.f.Library][box.of])
		p.printf("func (b *%s) Close() { b.inner.%s }\n", name, release)
	}
}

func (p *printer) boxName(kind Kind) string {
	return map[Kind]string{RowsBox: "rows", TxBox: "tx", ConnBox: "conn"}[kind] + "Box" + p.f.Name
}

// out is the statement that leaves the function.
func (p *printer) out(err string) string {
	switch p.leave {
	case withPair:
		if err == "nil" {
			err = "errStop"
		}
		return "return nil, " + err
	case withNothing:
		return "return"
	}
	return "return " + err
}

// function literals begin another function.
func (p *printer) literal(leave leaving, body []*Node, end string) {
	before, named := p.leave, p.named
	p.leave, p.named = leave, false
	p.body(body, end)
	p.leave, p.named = before, named
}
