package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"

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

// oneRow is the types of rows that are at a row, for functions that read that one.
var oneRow = map[reflect.Type]bool{reflect.TypeFor[pgx.CollectableRow](): true, reflect.TypeFor[sqlx.ColScanner](): true}

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
	case t.handle >= 0 && !oneRow[typ.In(t.handle)]:
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
