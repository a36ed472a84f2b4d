package main

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// construct makes a pool, uses it, and has the event end it.
func (b *bench) construct() string {
	results, err := b.callOn(b.make(b.Chain), false)
	if err != nil {
		return err.Error()
	}
	pool := results[b.Result].Interface()
	if err := ping(pool); err != nil {
		return err.Error()
	}
	if b.srv.activity(b.app).Backends == 0 {
		return "nothing"
	}
	if b.Event.Method == "" {
		b.endValue(pool)
		return "pool"
	}
	if err := b.happen(pool); err != nil {
		return err.Error()
	}
	return b.await(func() string {
		if ping(pool) == nil || b.Handle == 0 && b.srv.activity(b.app).Backends > 0 {
			return "held"
		}
		return "freed"
	})
}

// ping uses a pool.
func ping(pool any) error {
	switch p := pool.(type) {
	case interface {
		Ping(ctx context.Context) error
	}:
		return p.Ping(context.Background())
	case interface{ Ping() error }:
		return p.Ping()
	}
	return fmt.Errorf("%T is no pool", pool)
}

// afterFailure says what a constructor that failed has returned.
func afterFailure(results []reflect.Value) string {
	if len(results) == 0 || results[0].IsNil() {
		return "nothing"
	}
	if err := ping(results[0].Interface()); err != nil && strings.Contains(err.Error(), "closed") {
		return "nothing" // it is closed
	}
	return "pool"
}

// endParent ends the parent of an open holder and says what becomes of both.
func (b *bench) endParent() string {
	a, err := b.acquire()
	if err != nil {
		return err.Error()
	}
	if b.Show == "busy" {
		until(func() bool { return b.state().Busy > 0 })
	}
	before := b.state()
	done := make(chan error, 1)
	go func() {
		_, err := b.call(reflect.ValueOf(a.parent).MethodByName(b.Event.Method), &target{name: b.Event.Method, handle: -1})
		done <- err
	}()
	patience := within
	if b.Want == "blocks" {
		patience = settle
	}
	select {
	case err = <-done:
	case <-time.After(patience):
		rows, ok := a.holder.(*sql.Rows)
		if !ok || rows.Close() != nil || <-done != nil {
			return "hangs"
		}
		return "blocks"
	}
	return b.await(func() string { return b.afterEnd(before, err) })
}

// afterEnd says what the end of the parent has done.
func (b *bench) afterEnd(before state, err error) string {
	now := b.state()
	gone := now.Backends < before.Backends
	switch {
	case gone && b.Event.Method == "Close":
		return "frees" // a connection outside every pool
	case gone && err != nil && b.Event.Method == "Commit":
		return "is busy"
	case gone:
		return "destroys"
	case now.Busy > 0:
		return "does nothing"
	case now.Count < before.Count || b.Holds != "slot" && now.Locked == 0 && now.InTx == 0:
		return "frees"
	}
	return "leaves the parent"
}

// queued has a function called when the results of its query in a batch are read.
func (b *bench) queued() string {
	b.open(b.Chain)
	base := b.state()
	batch := &pgx.Batch{}
	query := batch.Queue(texts[b.SQL])
	if _, err := b.callOn(query, false); err != nil {
		return err.Error()
	}
	if err := b.pool.SendBatch(b.ctx, batch).Close(); err != nil {
		return err.Error()
	}
	if len(b.seen) == 0 {
		return "nothing called"
	}
	if left := b.nothingMore(base); left != "nothing" {
		return "leaves " + left
	}
	if b.seen[0].Count > base.Count {
		return "slot"
	}
	return "nothing"
}

// clash makes the call while the connection is busy with open rows.
func (b *bench) clash() string {
	parent := b.make(b.Chain)
	fn, args := b.callee(parent, false)
	var err error
	switch p := parent.(type) {
	case interface {
		Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	}:
		_, err = p.Query(b.ctx, texts["large"])
	case *pgconn.PgConn:
		p.ExecParams(b.ctx, texts["large"], nil, nil, nil, nil)
	default:
		return fmt.Sprintf("no rows of a %T", parent)
	}
	if err != nil {
		return err.Error()
	}
	results, err := do(fn, args)
	if err == nil && len(results) > 0 {
		err = outcome(results[b.Result].Interface())
	}
	if err != nil {
		return "fails"
	}
	return "works"
}

// outcome returns the error of a call that is not among its results.
func outcome(holder any) error {
	switch h := holder.(type) {
	case pgx.Rows:
		h.Close()
		return h.Err()
	case pgx.Row:
		return h.Scan(new(string))
	case *pgconn.ResultReader:
		_, err := h.Close()
		return err
	case interface{ Close() error }:
		return h.Close()
	}
	return nil
}
