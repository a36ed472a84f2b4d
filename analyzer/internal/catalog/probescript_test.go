package catalog

import (
	"cmp"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// script is one probe of a row: what testdata/probe is to do, and what the row says comes of it.
type script struct {
	Row, Claim, Want string

	Do, Chain, Func, SQL        string
	Event                       probeEvent
	Holds, Show                 string
	Result, Handle, Driver, DSN int
	Moves, Warm                 bool
}

// probeEvent is something that may free a holder.
type probeEvent struct {
	Method, When string
	Arg          int
}

// place says where a script does what it does.
func (s script) place() string {
	place := s.Chain
	if s.Func != "" {
		place += " " + s.Func
	}
	if s.Event.Method != "" {
		place += " " + s.Event.Method + " " + s.Event.When
	}
	return strings.TrimSpace(place)
}

// plan makes the scripts of one row.
type plan struct {
	row     *Row
	sig     *types.Signature
	scripts []script
}

// scriptsOf returns the probes of a row; none if nothing is known of its receiver.
func scriptsOf(t *testing.T, r *Row) []script {
	t.Helper()
	p := &plan{row: r, sig: method(t, r.Path, strings.TrimPrefix(r.Recv, "*"), r.Func).Signature()}
	for _, s := range sourcesOf(r) {
		switch r.Kind {
		case Construct:
			p.construct(s)
		case Acquire:
			p.acquire(s)
		case Release:
			p.release(s)
		case Consume:
			p.consume(s)
		case Neutral:
			p.neutral(s)
		}
		p.ends(s)
	}
	return p.scripts
}

// add adds a script; base has the call.
func (p *plan) add(base script, do, claim, want string, event probeEvent) {
	base.Row, base.Do, base.Claim, base.Want, base.Event = p.row.Name(), do, claim, want, event
	p.scripts = append(p.scripts, base)
}

// call returns the script of the row's call.
func (p *plan) call(s source) script {
	r := p.row
	c := script{Chain: s.chain, Func: r.Func, Result: max(r.Result, 0), Handle: r.Handle, Driver: r.Driver, DSN: r.DSN,
		Moves: s.moves(r), Warm: r.Resource == Conns, SQL: sqlOf(r)}
	if r.Recv == "" {
		c.Func = r.Name()
	}
	if strings.HasPrefix(s.chain, "pgconn") {
		c.Handle = 0 // the probe makes the argument
	}
	return c
}

// sqlOf returns which statement the row's call runs.
func sqlOf(r *Row) string {
	switch {
	case r.Resource == Stmt:
		return "small"
	case r.Kind != Neutral:
		return "large"
	case r.Path == pgconn5.Path && strings.HasPrefix(r.Func, "Copy"):
		return map[string]string{"CopyTo": "copyout", "CopyFrom": "copyin"}[r.Func]
	case strings.Contains(r.Func, "Exec"):
		return "insert"
	}
	return "small"
}

// hasError and hasContext speak of the row's signature.
func (p *plan) hasError() bool {
	n := p.sig.Results().Len()
	return n > 0 && typeName(p.sig.Results().At(n-1).Type()) == "error"
}

func (p *plan) hasContext() bool {
	return p.sig.Params().Len() > 0 && typeName(p.sig.Params().At(0).Type()) == "context.Context"
}

func (p *plan) construct(s source) {
	c := p.call(s)
	p.add(c, "construct", "makes a pool", "pool", probeEvent{})
	for _, e := range p.row.Freed {
		p.add(c, "construct", "frees with "+e.String(), "freed", probeEvent{Method: e.Method})
	}
	if p.hasError() {
		want := "pool"
		if p.row.NothingOnErr {
			want = "nothing"
		}
		c.Holds = "pool"
		p.add(c, "fail", "holds after an error", want, probeEvent{})
	}
}

// holdsOn returns what the row says its result holds when it is called on a source, and how that shows.
func (p *plan) holdsOn(s source) (holds, show string) {
	switch r := p.row; {
	case r.Holds == SlotIfPool && (s.isPool() || s.moves(r) && s.pooled()):
		holds = "slot"
	case r.Holds == SlotIfPool:
		holds = "parent"
	default:
		holds = r.Holds.String()
	}
	switch inBatch := strings.HasSuffix(s.chain, ".SendBatch"); p.row.Resource {
	case Stmt:
		show = "use"
	case Tx:
		show = "tx"
		if s.show == "tx" || s.show == "use" {
			show = "use" // a savepoint
		}
	case Rows, Line, Batch, Reader, Pipeline:
		show = "busy"
		if inBatch {
			show = "use"
		}
	}
	return holds, show
}

func (p *plan) acquire(s source) {
	r, c := p.row, p.call(s)
	c.Holds, c.Show = p.holdsOn(s)
	p.add(c, "hold", "holds", c.Holds, probeEvent{})
	for _, e := range r.Freed {
		p.event(c, e, true)
	}
	if r.Type == pgconnMulti { // the rest of the messages is unread after an error
		c := c
		c.SQL = "broken"
		p.add(c, "free", "NextResult=false alone frees nothing", "held", probeEvent{Method: "NextResult", When: "false"})
	}
	if r.Resource == Rows && !slices.Contains(r.Freed, scanError[0]) {
		p.event(c, scanError[0], false)
	}
	if p.hasContext() && r.Resource.Obliges() {
		p.add(c, "free", "the end of the context frees", freedOrHeld(r.CtxFrees), probeEvent{Method: "cancel"})
	}
	if p.hasError() && r.NothingOnErr && neverFails[r.Name()] == "" {
		f := c
		f.SQL = failingSQL(s, r, p.sig)
		p.add(f, "fail", "holds after an error", "nothing", probeEvent{})
	}
	p.waits(s, c)
	p.clashes(c)
}

func freedOrHeld(freed bool) string {
	if freed {
		return "freed"
	}
	return "held"
}

// failingSQL returns a statement that makes the call fail, or "" if it has none.
func failingSQL(s source, r *Row, sig *types.Signature) string {
	switch {
	case strings.Contains(s.chain, "Prepare"):
		return "divides"
	case r.Recv == "BatchResults":
		return "broken"
	}
	for v := range sig.Params().Variables() {
		if r.DSN == 0 && types.Identical(v.Type(), types.Typ[types.String]) {
			return "broken"
		}
	}
	return ""
}

// event adds what an event does to the holder of c. An event that frees only with one outcome must not free with the other.
func (p *plan) event(c script, e Event, frees bool) {
	claim := "frees with " + e.String()
	if !frees {
		claim = e.String() + " alone frees nothing"
	}
	want := freedOrHeld(frees)
	switch e.When {
	case OnFalse:
		p.add(c, "free", claim, want, probeEvent{Method: e.Method, When: "false"})
		if e.Method == "NextResultSet" {
			if !strings.Contains(c.Chain, "/pq") {
				return // its driver has no second result
			}
			c.SQL = "twice"
		}
		p.add(c, "free", e.Method+"=true frees nothing", "held", probeEvent{Method: e.Method, When: "true"})
		return
	case OnError:
		other := c
		c.SQL = cmp.Or(errSQL(p.row.Resource, c, e), c.SQL)
		p.add(c, "free", claim, want, probeEvent{Method: e.Method, When: "err"})
		if c.Show != "use" {
			p.add(other, "free", e.Method+"=ok frees nothing", "held", probeEvent{Method: e.Method, When: "ok"})
		}
		return
	}
	if e.Method == "Hijack" {
		want = "moved" // to the result of Hijack
	}
	p.add(c, "free", claim, want, probeEvent{Method: e.Method})
	if p.row.Resource == Line || p.row.Resource == Tx && e.Method != "Close" {
		p.add(c, "free", claim+", also with an error", want, probeEvent{Method: e.Method, When: p.errOutcome(c, e)})
	}
}

// neverFails is the functions whose error is always nil, by their source.
var neverFails = map[string]string{
	"github.com/jackc/pgx/v5/pgconn.Construct": "it only fills a struct",
}

// errOutcome returns the outcome that says an event must end with an error, if the probe knows how to get one.
func (p *plan) errOutcome(c script, e Event) string {
	if e.Method == "Scan" || e.Method == "StructScan" || strings.HasPrefix(c.Chain, "pgx") && c.Show == "tx" {
		return "err"
	}
	return ""
}

// errSQL returns the statement for which an event has an error.
func errSQL(res Resource, c script, e Event) string {
	switch {
	case e.Method == "Values":
		return "json"
	case e.Method == "Err" && res == Line && strings.Contains(c.Chain+c.Func, "Prepare"):
		return "divides"
	case e.Method == "Err" && res == Line:
		return "broken"
	case e.Method == "Err":
		return "failing"
	}
	return ""
}
