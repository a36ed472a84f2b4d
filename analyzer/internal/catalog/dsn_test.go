package catalog

import (
	"go/types"
	"slices"
	"testing"
)

// stringNames is how the libraries call the parameters that rows have in DSN and Driver.
var (
	dsnNames    = []string{"connString", "connstring", "dsn", "dataSourceName", "source", "sURL"}
	driverNames = []string{"driverName", "dialect"}
)

// TestConnectionStrings finds cataloged functions that are given a connection string or the name of a driver and do not say so.
func TestConnectionStrings(t *testing.T) {
	found := 0
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			fn, err := findFunc(library(t, l.Path), r)
			if err != nil {
				continue // TestRowsResolve reports it
			}
			for k := range fn.Signature().Params().Len() {
				p := fn.Signature().Params().At(k)
				if b, ok := p.Type().Underlying().(*types.Basic); !ok || b.Kind() != types.String {
					continue // not a name
				}
				if slices.Contains(dsnNames, p.Name()) {
					found++
					if r.DSN != k+1 {
						t.Errorf("%s: dsn: %d, but argument %d is called %s", r.Name(), r.DSN, k+1, p.Name())
					}
				}
				if slices.Contains(driverNames, p.Name()) && r.Kind == Construct && r.Driver != k+1 {
					t.Errorf("%s: driver: %d, but argument %d is called %s", r.Name(), r.Driver, k+1, p.Name())
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("%d connection strings: the names are no longer those of the libraries", found)
	}
}

// builders is the types that are a pool, a transaction or a session and the query under construction at the same time.
var builders = []string{
	gormDB, goPGORMQuery, xormSession,
	"*github.com/uptrace/bun.SelectQuery", "*github.com/uptrace/bun.InsertQuery", "*github.com/uptrace/bun.UpdateQuery",
	"*github.com/uptrace/bun.DeleteQuery", "*github.com/uptrace/bun.MergeQuery", "*github.com/uptrace/bun.RawQuery",
}

// TestBuildersHaveRows finds methods that return their own type and have no row: a transaction would be lost on the way.
func TestBuildersHaveRows(t *testing.T) {
	for _, name := range builders {
		typ := holder(t, name)
		set := types.NewMethodSet(typ)
		for i := range set.Len() {
			fn := set.At(i).Obj().(*types.Func)
			results := fn.Signature().Results()
			if !fn.Exported() || results.Len() != 1 || !types.Identical(results.At(0).Type(), typ) {
				continue // not a step of a chain
			}
			row := Default().Func(fn)
			if row == nil || row.Kind == Neutral && !row.Alias {
				t.Errorf("%s returns its own type and is no alias", key(fn))
			}
		}
	}
}
