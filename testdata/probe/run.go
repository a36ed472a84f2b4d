package main

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// run does what the script says and returns what it has shown.
func (b *bench) run() string {
	switch b.Do {
	case "hold": // what the call's result holds
		return b.hold()
	case "free": // whether an event frees what the call's result holds
		return b.free()
	case "fail": // what is held after the call has returned an error
		return b.fail()
	case "wait": // whether the call waits when the pool is exhausted
		return b.wait()
	case "callback": // what is held while a function of the caller's runs
		return b.during()
	case "leave": // what is held after the call
		return b.leave()
	case "queued": // what is held while a function of a batch runs
		return b.queued()
	case "clash": // whether the call fails while rows are open on its connection
		return b.clash()
	case "alias": // whether the result is what the call was made on
		return b.alias()
	case "construct": // whether the result is a pool, and an event ends it
		return b.construct()
	case "end": // what becomes of a holder when its parent ends
		return b.endParent()
	}
	return "no such verb: " + b.Do
}

// acquired is the result of a call that holds something.
type acquired struct {
	parent any
	holder any
	cancel context.CancelFunc // of the call's context
	base   state              // before the call
}

// acquire makes the call on what the chain makes.
func (b *bench) acquire() (*acquired, error) {
	a := &acquired{parent: b.make(b.Chain)}
	a.base = b.state()
	if b.Moves {
		a.base = b.without(a.base)
	}
	b.ctx, a.cancel = context.WithCancel(context.Background())
	results, err := b.callOn(a.parent, false)
	b.ctx = context.Background()
	if err != nil {
		return a, fmt.Errorf("the call fails: %w", err)
	}
	a.holder = results[b.Result].Interface()
	if batch, ok := a.parent.(pgx.BatchResults); ok && b.Moves {
		return a, batch.Close() // which is said to free nothing now
	}
	return a, nil
}

// without returns the state without what the chain has made.
func (b *bench) without(s state) state {
	s.Count, s.Active, s.Busy, s.Locked, s.InTx = max(0, s.Count-1), 0, 0, 0, 0
	if b.Show == "" {
		s.Backends--
	}
	return s
}

// callOn makes the script's call on a value, or with it as an argument.
func (b *bench) callOn(v any, fails bool) ([]reflect.Value, error) {
	return do(b.callee(v, fails))
}

// callee returns the function that the script calls on a value, and the arguments.
func (b *bench) callee(v any, fails bool) (reflect.Value, []reflect.Value) {
	t := &target{name: b.Func, handle: b.Handle - 1, value: v, fails: fails}
	fn := reflect.ValueOf(packageFuncs[b.Func])
	if !fn.IsValid() {
		fn = reflect.ValueOf(v).MethodByName(b.Func)
	}
	return fn, b.arguments(fn, t)
}

func (b *bench) hold() string {
	a, err := b.acquire()
	if err != nil {
		return err.Error()
	}
	return b.await(func() string { return b.held(a) })
}

// await returns what look returns as soon as that is what is claimed, or in the end.
func (b *bench) await(look func() string) string {
	var got string
	until(func() bool {
		got = look()
		return got == b.Want
	})
	return got
}

// held says what the holder holds.
func (b *bench) held(a *acquired) string {
	now := b.state()
	switch {
	case b.Show == "use" && now.Count == a.base.Count:
		return b.usable(a.holder)
	case now.Count > a.base.Count && b.shows(a.base, now):
		return "slot"
	case now.Count > a.base.Count:
		return "slot that the server does not see in use"
	case now.Backends > a.base.Backends:
		return "server"
	case b.Show != "" && b.shows(a.base, now):
		return "parent"
	}
	return "nothing"
}

// shows reports whether the server, or a connection outside every pool, shows the holder.
func (b *bench) shows(base, now state) bool {
	switch b.Show {
	case "busy":
		return now.Busy > base.Busy || now.Locked > base.Locked
	case "tx":
		return now.InTx > base.InTx
	}
	return now.Backends >= now.Count
}

// usable tries a holder that is seen nowhere: a savepoint, a statement, results within a batch.
func (b *bench) usable(holder any) string {
	var err error
	switch h := holder.(type) {
	case pgx.Tx:
		_, err = h.Exec(b.ctx, texts["small"])
	case interface {
		Exec(args ...any) (sql.Result, error)
	}:
		if _, err = h.Exec(); err == nil {
			return "nothing" // a statement that works and has no connection
		}
	case interface {
		Exec(arg any) (sql.Result, error)
	}:
		if _, err = h.Exec(map[string]any{}); err == nil {
			return "nothing" // as above
		}
	case pgx.Rows:
		if !h.Next() {
			return "ended"
		}
	case pgx.Row:
		err = h.Scan(new(string))
	default:
		return fmt.Sprintf("cannot try a %T", holder)
	}
	if err != nil {
		return "ended"
	}
	return "parent"
}

func (b *bench) free() string {
	a, err := b.acquire()
	if err != nil {
		return err.Error()
	}
	if b.Show != "use" && b.SQL != "broken" && b.SQL != "divides" {
		until(func() bool { return b.held(a) == b.Holds })
		if got := b.held(a); got != b.Holds {
			return "holds " + got
		}
	}
	if b.Event.Method == "cancel" {
		a.cancel()
		if b.Want == "held" {
			time.Sleep(settle)
		}
	} else if err := b.happen(a.holder); err != nil {
		return err.Error()
	}
	if b.Show == "use" {
		if count := b.state().Count; count != a.base.Count {
			return "freed with its parent"
		}
		if b.usable(a.holder) == "ended" {
			return "freed"
		}
		return "held"
	}
	return b.await(func() string { return b.afterEvent(a) })
}

// afterEvent says what has become of the holder.
func (b *bench) afterEvent(a *acquired) string {
	now := b.state()
	switch {
	case b.Holds == "parent" && b.Event.Method != "cancel" && (now.Count < a.base.Count || now.InTx < a.base.InTx && now.Active == 0):
		return "freed with its parent"
	case now.Count > a.base.Count || now.Active > a.base.Active || now.Locked > a.base.Locked || now.InTx > a.base.InTx:
		return "held"
	case b.Want == "moved" && now.Backends > 0:
		return "moved" // the connection is there, and no longer the holder's
	case b.Holds == "server" && now.Backends > a.base.Backends:
		return "held"
	}
	return "freed"
}

// nothingMore says what is held beyond what was before.
func (b *bench) nothingMore(base state) string {
	now := b.state()
	switch {
	case now.Count > base.Count:
		return "slot"
	case b.Chain == "none" && now.Backends > base.Backends:
		return "server"
	case now.Active > base.Active || now.Locked > base.Locked || now.InTx > base.InTx:
		return "parent"
	}
	return "nothing"
}

func (b *bench) fail() string {
	parent := b.make(b.Chain)
	if !b.canFail(parent) {
		b.endValue(parent)
	}
	base := b.state()
	results, err := b.callOn(parent, true)
	if err == nil {
		return "no error"
	}
	if b.Holds == "pool" {
		return afterFailure(results)
	}
	return b.await(func() string { return b.nothingMore(base) })
}

// endValue ends what has no other way to fail.
func (b *bench) endValue(v any) {
	for _, name := range []string{"Rollback", "Close"} {
		if m := reflect.ValueOf(v).MethodByName(name); m.IsValid() {
			_, _ = b.call(m, &target{name: name, handle: -1})
			return
		}
	}
}

// waitAtMost bounds a call of pgxpool that waits: it counts what was given up.
const waitAtMost = 60 * time.Millisecond

func (b *bench) wait() string {
	parent := b.make(b.Chain)
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithCancel(context.Background())
	defer cancel()
	fn, args := b.callee(parent, false)
	b.fill()
	before := b.waits()
	if b.pool != nil {
		time.AfterFunc(waitAtMost, cancel)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = do(fn, args)
	}()
	until(func() bool {
		select {
		case <-done:
			return true
		default:
			return b.waits() > before
		}
	})
	if b.waits() > before {
		return "waits"
	}
	select {
	case <-done:
		return "does not wait"
	default:
		return "hangs"
	}
}

func (b *bench) during() string {
	parent := b.make(b.Chain)
	base := b.state()
	if b.Event.Method != "" { // the holder is what the call returns, and the event calls back
		results, err := b.callOn(parent, false)
		if err == nil {
			err = b.happen(results[b.Result].Interface())
		}
		if err != nil {
			return err.Error()
		}
	} else if _, err := b.callOn(parent, false); err != nil {
		return err.Error()
	}
	if len(b.seen) == 0 {
		return "nothing called"
	}
	now := b.seen[0]
	switch {
	case now.Count > base.Count:
		return "slot"
	case now.Count > 0 || now.Locked > base.Locked || now.Busy > base.Busy || now.InTx > base.InTx:
		return "parent"
	}
	return "nothing"
}

func (b *bench) leave() string {
	parent := b.make(b.Chain)
	base := b.state()
	fails := b.Event.When == "err"
	if _, err := b.callOn(parent, fails); (err != nil) != fails {
		return fmt.Sprintf("error: %v", err)
	}
	return b.await(func() string {
		if b.state().Count < base.Count {
			return "frees its receiver"
		}
		return b.nothingMore(base)
	})
}

func (b *bench) alias() string {
	v := b.make(b.Chain)
	results, err := b.callOn(v, false)
	if err != nil {
		return err.Error()
	}
	if handle(reflect.ValueOf(v)) == handle(results[b.Result]) {
		return "the same"
	}
	return "another"
}

// handle returns the pointer of database/sql in a value.
func handle(v reflect.Value) uintptr {
	for v.Type().Elem().PkgPath() != "database/sql" {
		inner := v.Elem().FieldByName(v.Type().Elem().Name())
		if !inner.IsValid() {
			inner = v.Elem().FieldByName(strings.TrimPrefix(v.Type().Elem().Name(), "Named"))
		}
		v = inner
	}
	return v.Pointer()
}
