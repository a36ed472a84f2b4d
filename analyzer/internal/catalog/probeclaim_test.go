package catalog

import "strings"

// waits adds whether the call waits for a connection of an exhausted pool. Its parent's is not one.
func (p *plan) waits(s source, c script) {
	if !s.pooled() {
		return // nothing to exhaust
	}
	want := "does not wait"
	if p.row.Blocks && s.isPool() {
		want = "waits"
	}
	p.add(c, "wait", "waits when the pool is exhausted", want, probeEvent{})
	if p.row.Transient != p.row.Blocks && (p.row.Kind == Neutral || p.row.Resource == Stmt) {
		want = "does not wait"
		if p.row.Transient && s.isPool() {
			want = "waits"
		}
		p.add(c, "wait", "takes a connection for the call", want, probeEvent{})
	}
}

func (p *plan) release(s source) {
	r := p.row
	e := Event{Method: r.Func}
	if len(r.Freed) > 0 {
		e = r.Freed[0]
	}
	c := s.holder()
	if r.Resource == Pool {
		p.add(c, "construct", "ends its receiver", "freed", probeEvent{Method: r.Func})
		return
	}
	if r.Holds != SlotIfPool && r.Holds != Nothing {
		c.Holds = r.Holds.String()
	}
	p.event(c, e, true)
}

func (p *plan) consume(s source) {
	c := s.holder()
	e := probeEvent{Method: p.row.Name(), Arg: p.row.Arg}
	p.add(c, "free", "frees its argument", "freed", e)
	if p.row.Callback {
		p.add(c, "callback", "holds while a function runs", s.holds, e)
		e.When = "err"
		p.add(c, "free", "frees its argument, also with an error", "freed", e)
	}
}

func (p *plan) neutral(s source) {
	r, c := p.row, p.call(s)
	if s.show == "busy" {
		p.reads(s)
		return
	}
	if r.Recv == "*QueuedQuery" {
		p.add(c, "queued", "holds while a function runs", "slot", probeEvent{})
		return
	}
	if r.Alias {
		p.add(c, "alias", "returns its receiver", "the same", probeEvent{})
	}
	p.add(c, "leave", "leaves", "nothing", probeEvent{})
	if r.Callback {
		holds := r.Holds.String()
		if r.Holds == SlotIfPool {
			holds, _ = p.holdsOn(s)
		}
		p.add(c, "callback", "holds while a function runs", holds, probeEvent{})
	}
	if !r.Callback && runsArgument(p.sig) {
		p.add(c, "callback", "holds while a function runs", "nothing called", probeEvent{})
	}
	if r.Callback && !strings.HasPrefix(r.Func, "CopyFrom") {
		p.add(c, "leave", "leaves after an error", "nothing", probeEvent{When: "err"})
	}
	if s.pooled() {
		p.waits(s, c)
	}
	p.clashes(c)
}

// clashes adds that a call on a connection which is busy with open rows fails, in the libraries where it does. Those that only
// wait for a notification may have one already.
func (p *plan) clashes(c script) {
	switch p.row.Recv {
	case "*Conn", "*Tx", "Tx", "*PgConn":
		if ClashesWhenBusy(p.row) && p.row.Holds == Parent && p.row.Func != "WaitForNotification" {
			p.add(c, "clash", "fails on a busy connection", "fails", probeEvent{})
		}
	}
}

// reads adds that a function which only looks at an open holder leaves it open.
func (p *plan) reads(s source) {
	c := s.holder()
	e := probeEvent{Method: p.row.Func}
	if p.row.Recv == "" {
		e.Method = p.row.Name()
	}
	if !Drains(p.row) {
		p.add(c, "free", "frees nothing", "held", e)
	} else {
		p.add(c, "free", "reads to the end, which frees", "freed", e)
	}
	if strings.HasSuffix(p.row.Func, "Scan") && p.row.Func != "MapScan" && p.row.Func != "SliceScan" {
		e.When = "err"
		p.add(c, "free", "frees nothing with an error", "held", e)
	}
}

// endWords is what the probe calls what becomes of a holder.
var endWords = map[End]string{
	EndNone:     "does nothing",
	EndFrees:    "frees",
	EndDestroys: "destroys",
	EndBusy:     "is busy",
	EndBlocks:   "blocks",
}

// ends adds what the method does to open rows taken from its receiver, and a transaction's to a savepoint.
func (p *plan) ends(s source) {
	end, ok := ends[p.row.Name()]
	if !ok || s.show == "use" && p.row.Resource == Tx {
		return // ends nothing; a savepoint within which rows are open
	}
	c := script{Chain: s.chain, Func: "Query", SQL: "large", Holds: s.holds, Show: "busy"}
	switch p.row.Recv {
	case "*Conn":
		if p.row.Path == databaseSQL.Path {
			c.Func = "QueryContext"
		}
	case "*PgConn":
		c.Func = "ExecParams"
	}
	e := probeEvent{Method: p.row.Func}
	p.add(c, "end", "what it does to open rows", endWords[end], e)
	if end == EndBusy {
		c.Func, c.Show = "Begin", ""
		p.add(c, "end", "what it does to a savepoint", endWords[EndFrees], e)
	}
}
