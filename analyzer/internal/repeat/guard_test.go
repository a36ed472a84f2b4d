package repeat_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

const holders = `
var db *DB
var dbs map[string]*DB
var list []*DB
var ready bool
var flag atomic.Bool
var number atomic.Int32
var raw int32
var ptr atomic.Pointer[DB]
var cache sync.Map
type store struct { db *DB; dbs map[string]*DB; closed bool }
type getter interface { Get(string) (*DB, bool) }
func (s *store) ready() bool
func find(string) (*DB, bool)
`

// guardWords is guards in a readable form: what is looked at, by the location that it has.
func guardWords(guards []repeat.Guard) string {
	kinds := map[repeat.GuardKind]string{
		repeat.IsNil: "nil", repeat.Missing: "missing", repeat.Unset: "unset", repeat.Bounded: "bounded", repeat.Swapped: "swapped",
	}
	var out []string
	for _, g := range guards {
		word := kinds[g.Kind]
		if at, ok := repeat.LocationOf(g.Value); ok {
			word += " " + at.Name()
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}

// TestGuards lists what says that something is not there yet when the call of open in f runs.
func TestGuards(t *testing.T) {
	for _, test := range []struct{ name, body, want string }{
		{"none", "open()", ""},
		{"nil", "if db == nil { open() }", "nil db"},
		{"nil first", "if nil == db { open() }", "nil db"},
		{"there already", "if db != nil { return }; open()", "nil db"},
		{"inverted", "if !(db != nil) { open() }", "nil db"},
		{"wrong way round", "if db != nil { open() }", ""},
		{"else", "if db != nil { use(db) } else { open() }", "nil db"},
		{"after the check", "if db == nil { work() }; open()", ""},
		{"field", "if s.db == nil { open() }", "nil db"},
		{"local", "x := db; if x == nil { open() }", "nil db"},
		{"parameter", "if s == nil { open() }", "nil"},
		{"twice", "if db == nil { if db == nil { open() } }", "nil db, nil db"},
		{"nearest first", "if db == nil { if s.dbs == nil { open() } }", "nil dbs, nil db"},
		{"with something else", "if db == nil && cond() { open() }", "nil db"},
		{"one of several", "if db == nil || s.closed { open() }", "nil db"},
		{"one of several, inverted", "if db != nil && !s.closed { return }; open()", "nil db"},
		{"one of several flags", "if db == nil || !ready { open() }", "nil db, unset ready"},
		{"reached without it too", "if cond() { goto there }; if db == nil { goto there }; return\nthere: open()", "nil db"},
		{"reached after other work too", "if db == nil { goto there }; use(db)\nthere: open()", ""},
		{"error", "if err := work(); err == nil { open() }", ""},
		{"no error", "if err := work(); err != nil { return }; open()", ""},
		{"atomic pointer", "if ptr.Load() == nil { open() }", "nil ptr"},
		{"element", "if dbs[k] == nil { open() }", "nil dbs"},
		{"missing", "if _, ok := dbs[k]; !ok { open() }", "missing dbs"},
		{"found", "if d, ok := dbs[k]; ok { use(d); return }; open()", "missing dbs"},
		{"found, wrong way round", "if _, ok := dbs[k]; ok { open() }", ""},
		{"field of a map", "if _, ok := s.dbs[k]; !ok { open() }", "missing dbs"},
		{"sync.Map", "if _, ok := cache.Load(k); !ok { open() }", "missing cache"},
		{"cache behind an interface", "if _, ok := g.Get(k); !ok { open() }", "missing"},
		{"function of the package", "if _, ok := find(k); !ok { open() }", "missing"},
		{"type assertion", "var v any = db; if _, ok := v.(interface{ Close() }); !ok { open() }", "missing db"},
		{"flag", "if !ready { open() }", "unset ready"},
		{"flag, left early", "if ready { return }; open()", "unset ready"},
		{"flag that is set", "if ready { open() }", ""},
		{"flag of the receiver", "if !s.closed { open() }", "unset closed"},
		{"method", "if !s.ready() { open() }", "unset"},
		{"atomic flag", "if !flag.Load() { open() }", "unset flag"},
		{"swapped", "if flag.CompareAndSwap(false, true) { open() }", "swapped"},
		{"swapped, left early", "if !number.CompareAndSwap(0, 1) { return }; open()", "swapped"},
		{"swapped by a function", "if atomic.CompareAndSwapInt32(&raw, 0, 1) { open() }", "swapped"},
		{"not swapped", "if !atomic.CompareAndSwapInt32(&raw, 0, 1) { open() }", "unset"},
		{"length", "if len(list) < 3 { open() }", "bounded"},
		{"length of a map", "if len(dbs) == 0 { open() }", "bounded"},
		{"in a loop", "for len(list) < 3 { open() }", "bounded"},
		{"another number", "if s.n() < 3 { open() }", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			funcs := load(t, holders+"func (s *store) n() int\nfunc f(s *store, g getter, k string) {\n"+test.body+"\n}")
			if got := guardWords(repeat.Guards(callOf(t, funcs, "open"))); got != test.want {
				t.Errorf("got %q, want %q\n%s", got, test.want, test.body)
			}
		})
	}
}

// TestGuardIf checks that a guard names the statement that makes the choice.
func TestGuardIf(t *testing.T) {
	funcs := load(t, holders+"func f() { if ready { return }; if db == nil { open() } }")
	guards := repeat.Guards(callOf(t, funcs, "open"))
	if len(guards) != 2 {
		t.Fatalf("%d guards", len(guards))
	}
	if _, ok := guards[0].If.Cond.(*ssa.BinOp); !ok || guards[0].Kind != repeat.IsNil {
		t.Errorf("the nearest guard is %v at %v", guards[0].Kind, guards[0].If.Cond)
	}
	if _, ok := guards[1].If.Cond.(*ssa.UnOp); !ok || guards[1].Kind != repeat.Unset {
		t.Errorf("the other guard is %v at %v", guards[1].Kind, guards[1].If.Cond)
	}
}

// TestLocationOf names the place that the argument of show was loaded from.
func TestLocationOf(t *testing.T) {
	for _, test := range []struct {
		name, body, want string
		exported         bool
	}{
		{"package variable", "show(db)", "db *p.DB", false},
		{"exported one", "show(Shared)", "Shared *p.DB", true},
		{"its address", "show(&db)", "db *p.DB", false},
		{"field", "show(s.db)", "db *p.DB", false},
		{"exported field", "show(s.Pool)", "Pool *p.DB", true},
		{"field of a value", "show(get().db)", "db *p.DB", false},
		{"field of a field", "show(s.in.Pool)", "", false}, // its struct type has no name
		{"variable around a literal", "x := s.db; func() { show(x) }(); x = nil", "x invalid type", false},
		{"element of a map", "show(dbs[k])", "dbs map[string]*p.DB", false},
		{"element of a map, if it is there", "if d, ok := dbs[k]; ok { show(d) }", "dbs map[string]*p.DB", false},
		{"atomic pointer", "show(ptr.Load())", "ptr sync/atomic.Pointer[p.DB]", false},
		{"sync.Map", "if v, ok := cache.Load(k); ok { show(v) }", "cache sync.Map", false},
		{"interface", "var v any = s.db; show(v)", "db *p.DB", false},
		{"local", "x, _ := open(); show(x)", "", false},
		{"parameter", "show(s)", "", false},
		{"result", "show(get())", "", false},
		{"generic", "g := &gen[int]{}; show(g.db)", "db *p.DB", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			funcs := load(t, holders+"type full struct { db, Pool *DB; in struct{ Pool *DB } }\nvar Shared *DB\nfunc get() full\n"+
				"type gen[T any] struct { db *DB; x T }\nfunc show(any)\nfunc f(s *full, k string) {\n"+test.body+"\n}")
			at, ok := repeat.LocationOf(callOf(t, funcs, "show").Common().Args[0])
			got := ""
			if ok {
				got = at.Name() + " " + at.Of().String()
			}
			if got != test.want || ok && at.Exported() != test.exported {
				t.Errorf("got %q, want %q, exported %v\n%s", got, test.want, ok && at.Exported(), test.body)
			}
		})
	}
}

// TestLocationsAreShared checks that a field of one type is one location, whichever value has it, and of another type another.
func TestLocationsAreShared(t *testing.T) {
	funcs := load(t, holders+"type other struct{ db *DB }\nfunc one(*DB)\nfunc two(*DB)\nfunc three(*DB)\n"+
		"func f(s *store, o *other) { one(s.db); g := store{}; two(h(g).db); three(o.db) }\nfunc h(store) store")
	var at [3]repeat.Location
	for i, name := range []string{"one", "two", "three"} {
		at[i], _ = repeat.LocationOf(callOf(t, funcs, name).Common().Args[0])
	}
	if at[0] != at[1] || at[0] == at[2] {
		t.Errorf("locations: %v", at)
	}
}
