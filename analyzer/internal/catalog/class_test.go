package catalog

import (
	"go/types"
	"slices"
	"strings"
	"testing"
)

// classTests is what frees each important holder.
var classTests = []struct{ typ, resource, freed string }{
	{"*database/sql.DB", "pool", "Close"},
	{"*database/sql.Conn", "conn", "Close"},
	{"*database/sql.Tx", "tx", "Commit Rollback"},
	{"*database/sql.Rows", "rows", "Close Next=false Err=err NextResultSet=false"},
	{"*database/sql.Row", "row", "Scan Err=err"},
	{"*database/sql.Stmt", "stmt", "Close"},

	{"*github.com/jmoiron/sqlx.DB", "pool", "Close"},
	{"*github.com/jmoiron/sqlx.Conn", "conn", "Close"},
	{"*github.com/jmoiron/sqlx.Tx", "tx", "Commit Rollback"},
	{"*github.com/jmoiron/sqlx.Rows", "rows", "Close Next=false Err=err NextResultSet=false"},
	{"*github.com/jmoiron/sqlx.Row", "row", "Scan StructScan MapScan SliceScan Err=err"},
	{"*github.com/jmoiron/sqlx.Stmt", "stmt", "Close"},
	{"*github.com/jmoiron/sqlx.NamedStmt", "stmt", "Close"},

	{"*github.com/jackc/pgx/v5/pgxpool.Pool", "pool", "Close"},
	{"*github.com/jackc/pgx/v5/pgxpool.Conn", "conn", "Release Hijack"},
	{"*github.com/jackc/pgx/v5/pgxpool.Tx", "tx", "Commit Rollback"},
	{"*github.com/jackc/pgx/v5.Conn", "conn", "Close"},
	{"github.com/jackc/pgx/v5.Tx", "tx", "Commit Rollback"},
	{"github.com/jackc/pgx/v5.Rows", "rows", "Close Next=false Scan=err Values=err Err=err"},
	{"github.com/jackc/pgx/v5.Row", "row", "Scan"},
	{"github.com/jackc/pgx/v5.BatchResults", "batch", "Close"},
	{"*github.com/jackc/pgx/v5/pgconn.PgConn", "conn", "Close Hijack"},
	{"*github.com/jackc/pgx/v5/pgconn.MultiResultReader", "reader", "Close ReadAll"},
	{"*github.com/jackc/pgx/v5/pgconn.ResultReader", "reader", "Close Read"},
	{"*github.com/jackc/pgx/v5/pgconn.Pipeline", "pipeline", "Close"},
	{"*github.com/jackc/puddle/v2.Pool", "pool", "Close"},
	{"*github.com/jackc/puddle/v2.Resource", "conn", "Release ReleaseUnused Destroy Hijack"},

	{"*github.com/jackc/pgx/v4/pgxpool.Pool", "pool", "Close"},
	{"*github.com/jackc/pgx/v4/pgxpool.Conn", "conn", "Release Hijack"},
	{"*github.com/jackc/pgx/v4/pgxpool.Tx", "tx", "Commit Rollback"},
	{"*github.com/jackc/pgx/v4.Conn", "conn", "Close"},
	{"github.com/jackc/pgx/v4.Tx", "tx", "Commit Rollback"},
	{"github.com/jackc/pgx/v4.Rows", "rows", "Close Next=false Scan=err Values=err Err=err"},
	{"github.com/jackc/pgx/v4.Row", "row", "Scan"},
	{"github.com/jackc/pgx/v4.BatchResults", "batch", "Close"},
	{"*github.com/jackc/pgconn.PgConn", "conn", "Close Hijack"},

	{"*github.com/georgysavva/scany/v2/pgxscan.RowsAdapter", "rows", "Close Next=false Scan=err Values=err Err=err"},
	{"github.com/Masterminds/squirrel.RowScanner", "row", "Scan"},
	{"*github.com/lib/pq.Listener", "listener", "Close"},

	{"database/sql.Result", "", ""},
	{"*database/sql.TxOptions", "", ""},
	{"*github.com/jackc/pgx/v5.Batch", "", ""},
	{"*github.com/jackc/pgx/v5.Rows", "", ""}, // a pointer to the interface
	{"*github.com/jackc/pgx/v5/pgxpool.Config", "", ""},
	{"*github.com/jackc/pgx/v5/pgconn.HijackedConn", "", ""},
	{"github.com/jmoiron/sqlx.Queryer", "", ""},
}

// TestType finds the classes of holder types.
func TestType(t *testing.T) {
	for _, test := range classTests {
		class := Default().Type(holder(t, test.typ))
		if class == nil {
			class = new(Class)
		}
		if string(class.Resource) != test.resource || words(class.Freed) != test.freed {
			t.Errorf("%s: got %q freed by %q, want %q freed by %q", test.typ, class.Resource, words(class.Freed), test.resource, test.freed)
		}
	}
	for _, unnamed := range []types.Type{types.Typ[types.Int], types.NewStruct(nil, nil), types.Universe.Lookup("error").Type(), types.NewSlice(holder(t, pgxpoolConn))} {
		if class := Default().Type(unnamed); class != nil {
			t.Errorf("%s has class %v", unnamed, class)
		}
	}
}

func words(events []Event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.String())
	}
	return strings.Join(all, " ")
}

// TestClassesAreConsistent finds holder types that rows give two resources.
func TestClassesAreConsistent(t *testing.T) {
	for _, l := range Default().Libraries() {
		for i := range l.Rows {
			r := &l.Rows[i]
			typ := r.Type
			if r.Kind == Release {
				typ = r.recvType()
			}
			if r.Kind == Construct && typ == gormDB {
				continue // one type for the pool and the transaction
			}
			if class := Default().types[typ]; class != nil && r.Kind != Neutral && r.Resource != class.Resource {
				t.Errorf("%s: a %s, but %s is a %s", r.Name(), r.Resource, typ, class.Resource)
			}
		}
	}
}

// TestClasses lists the classes in order, each with the methods of its type.
func TestClasses(t *testing.T) {
	all := Default().Classes()
	if !slices.IsSortedFunc(all, func(a, b NamedClass) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted")
	}
	methods := make(map[string][]string)
	for _, class := range all {
		methods[class.Name] = class.Methods
		if len(class.Class.Freed) == 0 {
			t.Errorf("%s: nothing frees it", class.Name)
		}
	}
	for typ, want := range map[string]string{
		"github.com/jackc/pgx/v5.Row":   "Scan",
		"*github.com/jmoiron/sqlx.Rows": "Close ColumnTypes Columns Err MapScan Next NextResultSet Scan SliceScan StructScan",
		"*github.com/jmoiron/sqlx.Row":  "ColumnTypes Columns Err MapScan Scan SliceScan StructScan",
	} {
		if got := strings.Join(methods[typ], " "); got != want {
			t.Errorf("%s: got methods %q, want %q", typ, got, want)
		}
	}
}
