package catalog

import (
	"cmp"
	"go/types"
	"strings"
	"testing"
)

// TestRowsResolve compares every row with the library it speaks of.
func TestRowsResolve(t *testing.T) {
	for _, l := range Default().Libraries() {
		for _, err := range Check(l.Rows, lookup(t)) {
			t.Error(err)
		}
	}
}

// TestRowsAreUnique finds functions with two rows.
func TestRowsAreUnique(t *testing.T) {
	seen := make(map[string]bool)
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			if name := l.Rows[i].Name(); seen[name] {
				t.Errorf("%s has two rows", name)
			} else {
				seen[name] = true
			}
		}
	}
}

// noRow is the exported functions that return a holder and need no row, with the reason.
var noRow = map[string]string{
	"(*github.com/jackc/pgx/v4/stdlib.Driver).Open":               "database/sql calls it",
	"(*github.com/jackc/pgx/v5/stdlib.Driver).Open":               "database/sql calls it",
	"(github.com/lib/pq.Driver).Open":                             "database/sql calls it",
	"(*github.com/lib/pq.Connector).Connect":                      "database/sql calls it",
	"(*github.com/lib/pq.NoticeHandlerConnector).Connect":         "database/sql calls it",
	"(*github.com/lib/pq.NotificationHandlerConnector).Connect":   "database/sql calls it",
	"(*github.com/uptrace/bun/driver/pgdriver.Connector).Connect": "database/sql calls it",
	"(github.com/uptrace/bun/driver/pgdriver.Driver).Open":        "database/sql calls it",
}

// TestComplete finds exported functions and methods that return a holder and have no row.
func TestComplete(t *testing.T) {
	c := Default()
	holders := make(map[string]bool)
	for name := range c.types {
		holders[name] = true
	}
	for _, l := range c.Libraries() {
		for i := range l.Rows {
			if r := &l.Rows[i]; (r.Kind == Acquire || r.Kind == Construct) && r.Resource.Obliges() {
				holders[r.Type] = true
			}
		}
	}
	used := make(map[string]bool)
	for _, l := range c.Libraries() {
		for _, fn := range exported(library(t, l.Path)) {
			if !returnsAny(fn, holders) || c.Func(fn) != nil {
				continue // nothing held, or known
			}
			if noRow[key(fn)] == "" {
				t.Errorf("%s returns a holder and has no row; write one, or a reason in noRow", key(fn))
			}
			used[key(fn)] = true
		}
	}
	for name := range noRow {
		if !used[name] {
			t.Errorf("%s needs no exception; take it out of noRow", name)
		}
	}
}

// exported returns the exported functions of the package and the methods that its exported types declare, in a fixed order.
func exported(pkg *types.Package) []*types.Func {
	var fns []*types.Func
	for _, name := range pkg.Scope().Names() {
		obj := pkg.Scope().Lookup(name)
		if !obj.Exported() {
			continue // callers cannot name it
		}
		switch obj := obj.(type) {
		case *types.Func:
			fns = append(fns, obj)
		case *types.TypeName:
			named, ok := obj.Type().(*types.Named)
			if !ok {
				continue // an alias: its methods are declared elsewhere
			}
			for m := range named.Methods() {
				if m.Exported() {
					fns = append(fns, m)
				}
			}
			if iface, ok := named.Underlying().(*types.Interface); ok {
				for m := range iface.ExplicitMethods() {
					fns = append(fns, m)
				}
			}
		}
	}
	return fns
}

func returnsAny(fn *types.Func, names map[string]bool) bool {
	for v := range fn.Signature().Results().Variables() {
		if names[typeName(v.Type())] {
			return true
		}
	}
	return false
}

// TestEmbeds compares the embedded types that libraries declare with the real ones.
func TestEmbeds(t *testing.T) {
	for _, l := range Default().Libraries() {
		scope := library(t, l.Path).Scope()
		for _, name := range scope.Names() {
			st, ok := scope.Lookup(name).Type().Underlying().(*types.Struct)
			if !ok || !scope.Lookup(name).Exported() {
				continue // embeds nothing that callers see
			}
			declared := cmp.Or(l.Embeds["*"+name], l.Embeds[name])
			for f := range st.Fields() {
				inner := typeName(f.Type())
				isHolder := f.Embedded() && Default().types[inner] != nil && Default().Type(types.NewPointer(scope.Lookup(name).Type())) != nil
				if isHolder != (declared != "" && declared == inner) {
					t.Errorf("%s.%s: embeds the holder %s: %t, declared: %q", l.Path, name, inner, isHolder, declared)
				}
			}
		}
		for outer := range l.Embeds {
			if scope.Lookup(strings.TrimPrefix(outer, "*")) == nil {
				t.Errorf("%s has no type %s", l.Path, outer)
			}
		}
	}
}

// TestFreeingMethodsHaveRows finds acquiring rows whose holder is freed by a method that has no row of its own: the call that
// frees would then be unknown.
func TestFreeingMethodsHaveRows(t *testing.T) {
	c := Default()
	for _, l := range c.Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			if r.Kind != Acquire && r.Kind != Construct || r.Result < 0 || r.Type == driverConn {
				continue // holds nothing, or is what database/sql closes
			}
			result := method(t, r.Path, strings.TrimPrefix(r.Recv, "*"), r.Func).Signature().Results().At(r.Result).Type()
			if s, ok := result.(*types.Slice); ok {
				result = s.Elem()
			}
			for _, e := range r.Freed {
				fn := findMethod(result, e.Method, library(t, r.Path))
				if fn.Pkg().Path() == "database/sql/driver" || r.Name() == "gorm.io/gorm.Open" {
					continue // the Commit of a dialect.Tx, known by name; DB of a *gorm.DB hands the pool out
				}
				row := c.Func(fn)
				if row == nil || row.Kind != Release && !row.FreesReceiver {
					t.Errorf("%s: %s of its result has no releasing row", r.Name(), e.Method)
				}
			}
		}
	}
}

// TestParentEndsHaveRows finds methods that end a conn or tx and have no row.
func TestParentEndsHaveRows(t *testing.T) {
	for name := range ends {
		if row := Default().funcs[name]; row == nil || row.Kind != Release {
			t.Errorf("%s has no releasing row", name)
		}
	}
}

// noEnd is the libraries whose ends of transactions are left out of ends, with the reason.
var noEnd = map[string]string{
	gormPath: "a *gorm.DB is a pool as well: rows of one that is a parameter would count as those of somebody else's transaction",
}

// TestEndsAreComplete finds calls that end a transaction of which nothing says what they do to open rows.
func TestEndsAreComplete(t *testing.T) {
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			if _, known := ends[r.Name()]; !r.endsTx() || known || Family(l.Path) == databaseSQL.Path || noEnd[l.Path] != "" {
				continue // ends no transaction, or it is known
			}
			t.Errorf("%s ends a transaction: what becomes of its open rows? Write Family in the library if database/sql is below it, or a line in ends", r.Name())
		}
	}
}
