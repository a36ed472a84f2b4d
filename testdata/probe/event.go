package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jmoiron/sqlx"
)

// happen has the script's event happen to a holder, or to each of several.
func (b *bench) happen(holder any) error {
	v := reflect.ValueOf(holder)
	if v.Kind() == reflect.Slice {
		for i := range v.Len() {
			if err := b.happen(v.Index(i).Interface()); err != nil {
				return err
			}
		}
		return nil
	}
	t := &target{name: b.Event.Method, handle: -1, value: holder, fails: b.Event.When == "err"}
	method := v.MethodByName(b.Event.Method)
	if fn := packageFuncs[b.Event.Method]; fn != nil {
		method, t.handle = reflect.ValueOf(fn), b.Event.Arg
	}
	if !method.IsValid() {
		return fmt.Errorf("%T has no %s", holder, b.Event.Method)
	}
	switch b.Event.When {
	case "true", "false":
		return b.repeat(holder, method, t)
	}
	if err := b.ready(v, method.Type(), t); err != nil {
		return err
	}
	_, err := b.call(method, t)
	switch {
	case b.Event.When == "ok" && err != nil:
		return err
	case b.Event.When == "err" && err == nil:
		return errors.New("no error")
	}
	return nil
}

// repeat calls a method once, which must return true, or until it returns false.
func (b *bench) repeat(holder any, method reflect.Value, t *target) error {
	if rows, ok := holder.(interface{ Next() bool }); ok && b.SQL == "twice" {
		for rows.Next() { // only then the next result is known
		}
	}
	for {
		if multi, ok := holder.(*pgconn.MultiResultReader); ok && multi.ResultReader() != nil {
			multi.ResultReader().Read() // as its users do
		}
		results, err := b.call(method, t)
		switch more := err == nil && results[0].Bool(); {
		case err != nil:
			return err
		case !more && b.Event.When == "true":
			return errors.New("returns false at once")
		case !more || b.Event.When == "true":
			return nil
		}
	}
}

// ready has rows at a place where the event can be what it is meant to be: at a row for what reads one, at their end for an
// error that comes while they are read.
func (b *bench) ready(holder reflect.Value, typ reflect.Type, t *target) error {
	next, ok := holder.Interface().(interface{ Next() bool })
	if !ok {
		return nil // no rows
	}
	switch name := t.name; {
	case name == "Err" && t.fails:
		for next.Next() {
		}
		return nil
	case t.handle >= 0 && typ.In(t.handle) != reflect.TypeFor[pgx.CollectableRow]() && typ.In(t.handle) != reflect.TypeFor[sqlx.ColScanner]():
		return nil // it reads them all
	case strings.HasPrefix(name, "Close"), strings.HasPrefix(name, "Next"), name == "Err":
		return nil // at any place
	}
	if !next.Next() {
		return errors.New("there is no row")
	}
	return nil
}

// canFail reports whether the arguments of the script's call on a value can make it fail.
func (b *bench) canFail(v any) bool {
	if b.SQL == "broken" || b.SQL == "divides" || b.DSN > 0 || b.Driver > 0 {
		return true
	}
	typ := reflect.TypeOf(packageFuncs[b.Func])
	if typ == nil {
		typ = reflect.ValueOf(v).MethodByName(b.Func).Type()
	}
	for in := range typ.Ins() {
		if in == reflect.TypeFor[context.Context]() {
			return true
		}
	}
	return strings.HasSuffix(b.Func, "WithConfig")
}

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
