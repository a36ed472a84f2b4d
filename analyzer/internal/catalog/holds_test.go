package catalog

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// TestOfNoPool tells connections that may have been opened by themselves from those of a pool.
func TestOfNoPool(t *testing.T) {
	for name, want := range map[string]bool{
		"*github.com/jackc/pgx/v5.Conn":          true,
		"*github.com/jackc/pgx/v4.Conn":          true,
		"*github.com/jackc/pgx/v5/pgconn.PgConn": true,
		"*github.com/jackc/pgconn.PgConn":        true,
		"*github.com/jackc/pgx/v5/pgxpool.Conn":  false,
		"*github.com/jackc/pgx/v4/pgxpool.Conn":  false,
		"*database/sql.Conn":                     false,
		"github.com/jackc/pgx/v5.Tx":             false,
		"github.com/jackc/pgx/v5.Conn":           false, // a copy of one
	} {
		if got := OfNoPool(holder(t, name)); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestAnyPool knows the one pool of anything among the families.
func TestAnyPool(t *testing.T) {
	var found []string
	for _, l := range Default().Libraries() {
		if AnyPool(Family(l.Path)) {
			found = append(found, l.Path)
		}
	}
	if want := []string{"github.com/jackc/puddle/v2"}; !slices.Equal(found, want) || AnyPool("") {
		t.Errorf("got %v, want %v", found, want)
	}
}

// TestGormHook compares the hooks with those that gorm looks for in a model.
func TestGormHook(t *testing.T) {
	found := 0
	for _, fn := range exported(library(t, "gorm.io/gorm/callbacks")) {
		recv := fn.Signature().Recv()
		if recv == nil || !types.IsInterface(recv.Type()) {
			continue // no hook
		}
		found++
		if !GormHook(fn.Name()) {
			t.Errorf("%s is not known", key(fn))
		}
	}
	if found != 9 {
		t.Errorf("%d hooks of gorm's, 9 are known", found)
	}
	for _, name := range []string{"BeforeFind", "Create", "beforeCreate", ""} {
		if GormHook(name) {
			t.Errorf("%q is a hook", name)
		}
	}
}

// TestRunsInBatch compares the functions that a batch runs with those that pgx can be given.
func TestRunsInBatch(t *testing.T) {
	found := 0
	for _, fn := range exported(library(t, pgx5.Path)) {
		row, takesFunc := Default().Func(fn), false
		for p := range fn.Signature().Params().Variables() {
			takesFunc = takesFunc || isA[*types.Signature](p.Type())
		}
		queued := strings.HasPrefix(key(fn), "(*github.com/jackc/pgx/v5.QueuedQuery).") && takesFunc
		if queued {
			found++
		}
		if got := row != nil && RunsInBatch(row); got != queued {
			t.Errorf("%s runs its argument in the batch: %t", key(fn), got)
		}
	}
	if found < 3 {
		t.Errorf("%d methods of a queued query", found)
	}
}

// runLater is the functions in the configuration of pgxpool that it runs after it has handed a connection out.
var runLater = []string{"AfterRelease", "BeforeClose"}

// TestPoolHook compares the hooks with the fields of the real configurations.
func TestPoolHook(t *testing.T) {
	for path, want := range map[string]int{pgxpool5.Path: 5, pgxpool4.Path: 3} {
		owner := library(t, path).Scope().Lookup("Config").(*types.TypeName)
		hooks := 0
		for f := range owner.Type().Underlying().(*types.Struct).Fields() {
			hook := isA[*types.Signature](f.Type()) && !slices.Contains(runLater, f.Name())
			if PoolHook(owner, f.Name()) != hook {
				t.Errorf("%s.Config.%s is a hook: %t", path, f.Name(), !hook)
			}
			if hook {
				hooks++
			}
		}
		if hooks != want {
			t.Errorf("%s has %d hooks, want %d", path, hooks, want)
		}
		if pool := library(t, path).Scope().Lookup("Pool").(*types.TypeName); PoolHook(pool, "AfterConnect") {
			t.Errorf("%s has hooks", pool)
		}
	}
	config := types.NewTypeName(token.NoPos, types.NewPackage("example.com/app/vendor/"+pgxpool5.Path, "pgxpool"), "Config", nil)
	if !PoolHook(config, "AfterConnect") {
		t.Error("a vendored configuration has no hooks")
	}
	own := types.NewTypeName(token.NoPos, types.NewPackage("example.com/app", "app"), "Config", nil)
	if PoolHook(own, "AfterConnect") || PoolHook(nil, "AfterConnect") || PoolHook(types.Universe.Lookup("error").(*types.TypeName), "AfterConnect") {
		t.Error("something else has hooks")
	}
}

// TestRunsArgument tells functions that run what they are given from those that keep it or hold a connection.
func TestRunsArgument(t *testing.T) {
	for _, test := range []struct {
		path, typ, method string
		want              bool
	}{
		{gormPath, "DB", "FindInBatches", true},
		{"slices", "", "SortFunc", true},
		{"slices", "", "Collect", true},
		{"maps", "", "Collect", true},
		{"maps", "", "DeleteFunc", true},
		{"sort", "", "Slice", true},
		{"strings", "", "Map", true},
		{"bytes", "", "FieldsFunc", true},
		{"sync", "Map", "Range", true},
		{"path/filepath", "", "Walk", true},
		{"path/filepath", "", "WalkDir", true},
		{gormPath, "DB", "Transaction", false}, // it holds one
		{gormPath, "DB", "Find", false},
		{"sync", "Once", "Do", false}, // that is RunsOnce
		{"sync", "WaitGroup", "Go", false},
		{"path/filepath", "", "Join", false},
		{"net/http", "", "HandleFunc", false},
		{"time", "", "AfterFunc", false},
	} {
		if got := RunsArgument(method(t, test.path, test.typ, test.method)); got != test.want {
			t.Errorf("%s.%s.%s: %t", test.path, test.typ, test.method, got)
		}
	}
	if RunsArgument(nil) || RunsArgument(findMethod(types.Universe.Lookup("error").Type(), "Error", nil)) {
		t.Error("a function value or an error runs its arguments")
	}
}

// TestDrains knows the one function of a library that reads the rows it is given to their end without closing them itself.
func TestDrains(t *testing.T) {
	var found []string
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			if Drains(&l.Rows[i]) {
				found = append(found, l.Rows[i].Name())
			}
		}
	}
	if want := []string{"github.com/jmoiron/sqlx.StructScan"}; !slices.Equal(found, want) {
		t.Errorf("got %v, want %v", found, want)
	}
}

// TestLocks sorts the methods of the real locks.
func TestLocks(t *testing.T) {
	for _, test := range []struct{ typ, method, want string }{
		{"Mutex", "Lock", "locks"},
		{"Mutex", "TryLock", ""}, // it does not wait
		{"Mutex", "Unlock", "unlocks"},
		{"RWMutex", "Lock", "locks"},
		{"RWMutex", "RLock", "reads"},
		{"RWMutex", "TryRLock", ""},
		{"RWMutex", "Unlock", "unlocks"},
		{"RWMutex", "RUnlock", "unlocks"},
		{"Locker", "Lock", "locks"},
		{"Locker", "Unlock", "unlocks"},
		{"WaitGroup", "Wait", ""},
	} {
		fn, got := method(t, "sync", test.typ, test.method), ""
		for word, ok := range map[string]bool{"locks": Locks(fn), "reads": ReadLocks(fn), "unlocks": Unlocks(fn)} {
			if ok {
				got += word
			}
		}
		if got != test.want {
			t.Errorf("%s.%s: %q, want %q", test.typ, test.method, got, test.want)
		}
	}
	if Locks(nil) || ReadLocks(nil) || Unlocks(nil) {
		t.Error("a function value locks")
	}
}

// TestPostgresDriver knows the names under which the real drivers register.
func TestPostgresDriver(t *testing.T) {
	for name, want := range map[string]bool{"pgx": true, "pgx/v5": true, "postgres": true, "mysql": false, "sqlite3": false, "": false} {
		if got := PostgresDriver(name); got != want {
			t.Errorf("%q: %t", name, got)
		}
	}
}
