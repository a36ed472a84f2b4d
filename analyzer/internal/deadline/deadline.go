// Package deadline finds the waits for a connection that nothing ends: a call without a deadline, and one that is retried without a
// pause or a bound.
//
// It does not know goroutines, and what is held meanwhile.
package deadline

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/handle"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/take"
)

// OpenWait is a call that waits for a connection of a pool for as long as that takes: no deadline ends it.
type OpenWait struct {
	Call    ssa.CallInstruction
	Take    fact.Take
	Setter  string    // the method that sets the context of the handle, where calls take none themselves
	Made    *ssa.Call // what makes the context: context.Background(); nil if there is none
	Arg     int       // the argument that is the context, receiver not counted; -1 if it is none
	Own     bool      // the context is made out of another one, so as to outlive that: context.WithoutCancel
	Caller  string    // the caller's context, where one is in scope that may be passed on: "r.Context()"
	Assumed bool      // it rests on an interface, or on a handle that may be several things
}

// Finder finds the waits for a connection that have no end.
type Finder struct {
	*take.Taker
	paths *release.Paths
	start map[*ssa.Function]bool // what runs before the program serves
}

// New is asked with what the functions of a package take, and what becomes of it.
func New(t *take.Taker, paths *release.Paths) *Finder {
	return &Finder{Taker: t, paths: paths, start: map[*ssa.Function]bool{}}
}

// OpenWaits lists the calls of the package that wait without a deadline, in the order of the functions.
func (d *Finder) OpenWaits() []*OpenWait {
	var out []*OpenWait
	for _, fn := range d.Funcs {
		for call := range program.CallsOf(fn) {
			if w := d.waitAt(fn, call); w != nil {
				out = append(out, w)
			}
		}
	}
	return out
}

// waitAt judges one call, nil if it does not wait, or something ends the wait.
func (d *Finder) waitAt(fn *ssa.Function, call ssa.CallInstruction) *OpenWait {
	obj, _ := d.Callee(call)
	row := d.RowOf(obj, call)
	takes := d.At(call)
	if row != nil {
		if d.atStartOnly(call, row) {
			return nil
		}
		if row.Transient && row.Holds == catalog.Nothing && row.Waits() {
			takes = []take.Taking{d.brief(call, row)}
		}
	}
	for _, k := range takes {
		if k.Inner || k.Busy {
			continue // it is judged in its literal, or takes no connection
		}
		w := d.endless(call, k)
		if w == nil || d.probe(fn, k) || d.justBuilt(call, k.HandleValue) || d.atStart(fn, call, k) {
			continue // it has an end, or nobody else can have the connections
		}
		if row != nil {
			w.Setter = row.ContextInHandle()
		}
		if !w.Own {
			w.Caller = d.callersContext(call)
		}
		return w
	}
	return nil
}

// brief is the connection that a call takes to prepare a statement.
func (d *Finder) brief(call ssa.CallInstruction, row *catalog.Row) take.Taking {
	k := take.Taking{Take: fact.Take{From: row.Short(), At: d.Place(call.Common().Pos())}, Call: call, HandleValue: d.Base(program.WorksOn(call, row))}
	d.Context(&k, row)
	return k
}

// endless is a call that waits without a deadline on something that is a pool, nil if it is none.
func (d *Finder) endless(call ssa.CallInstruction, k take.Taking) *OpenWait {
	if k.CtxValue == nil && !k.Bare {
		return nil // nothing is known of its context
	}
	w := &OpenWait{Call: call, Take: k.Take, Arg: k.CtxArg, Assumed: k.Assumed}
	if k.CtxValue != nil {
		end := d.EndOf(k.CtxValue)
		if !end.Endless() {
			return nil
		}
		w.Made = end.Made
		obj, _ := program.Callee(end.Made)
		_, w.Own = catalog.EndlessContext(obj)
	}
	kind := handle.SurePool
	switch {
	case k.HandleValue != nil:
		kind = d.KindOf(k.HandleValue)
	case k.Bare, k.Assumed && d.givenByRunner(call):
		return nil // what it works on is not known
	}
	if kind == handle.NoPool || kind == handle.CallersPool {
		return nil
	}
	w.Assumed = w.Assumed || kind == handle.LikelyPool
	return w
}

// givenByRunner reports whether a call is on something that whoever runs the literal around it gives it: repositories on a
// transaction.
func (d *Finder) givenByRunner(call ssa.CallInstruction) bool {
	p, ok := program.Bare(call.Common().Value).(*ssa.Parameter)
	return ok && p.Parent().Parent() != nil
}

// probe reports whether a call only asks if the database is there, of a pool that is being set up: it is in no field or variable
// that outlives the function, and nobody waits for the answer.
func (d *Finder) probe(fn *ssa.Function, k take.Taking) bool {
	if !strings.HasSuffix(k.From, ".Ping") && !strings.HasSuffix(k.From, ".PingContext") || k.Pool != "" {
		return false
	}
	for f := fn; f != nil; f = f.Parent() {
		if d.Entries[f] != "" {
			return false // a readiness probe: it takes its connection from the pool of the requests
		}
	}
	return true
}

// atStartOnly reports whether a call is one that programs make before they serve: it changes the schema, or prepares a statement
// that is kept.
func (d *Finder) atStartOnly(call ssa.CallInstruction, row *catalog.Row) bool {
	if d.ChangesSchema(call, row) {
		return true
	}
	if row.Resource != catalog.Stmt {
		return false
	}
	for _, s := range d.paths.SitesOf(call.Parent()) {
		if s.Call == call && s.Kept {
			return true
		}
	}
	return false
}
