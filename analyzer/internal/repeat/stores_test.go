package repeat_test

import (
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

// places ends with a function that names a place: the tests ask about the argument of look.
const places = `
var db, other *DB
var dbs = map[string]*DB{}
var ready bool
var number int32
var flag atomic.Bool
var ptr atomic.Pointer[DB]
var cache sync.Map
var box keeper
type keeper interface { Put(*DB); Look(*DB); SetDefault(string, *DB) }
type list struct { all []*DB }
func (*list) Add(*DB)
func (*list) Has(*DB) bool
var known list
type store struct { db *DB; dbs map[string]*DB }
func fill(**DB) error
func keep(map[string]*DB)
func see(*DB)
func look(any)
`

// placed builds a program of f and returns it, with the location of what look is given in it.
func placed(t *testing.T, f, looked string) (*ssa.Function, repeat.Location) {
	t.Helper()
	funcs := load(t, places+f+"\nfunc asks(s *store) { look("+looked+") }")
	at, ok := repeat.LocationOf(callOf(t, funcs, "look").Common().Args[0])
	if !ok {
		t.Fatalf("%s is no location", looked)
	}
	for _, fn := range funcs {
		if fn.Name() == "f" {
			return fn, at
		}
	}
	t.Fatal("no function f")
	return nil, at
}

type writeTest struct {
	name, f, at string
	want        repeat.Write
}

func testWriteTo(t *testing.T, tests []writeTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fn, at := placed(t, test.f, test.at)
			if got := repeat.WriteTo(fn, at); got != test.want {
				t.Errorf("write: %v, want %v\n%s", got, test.want, test.f)
			}
		})
	}
}

// TestWriteTo finds assignments to variables and fields.
func TestWriteTo(t *testing.T) {
	testWriteTo(t, []writeTest{
		{"nothing", "func f() { see(db) }", "db", repeat.NoWrite},
		{"variable", "func f() { db, _ = open() }", "db", repeat.RealWrite},
		{"another variable", "func f() { other, _ = open() }", "db", repeat.NoWrite},
		{"shadow", "func f() { db, err := open(); see(db); _ = err }", "db", repeat.NoWrite},
		{"nil", "func f() { db = nil }", "db", repeat.NoWrite},
		{"nil or not", "func f() { db = nil; db, _ = open() }", "db", repeat.RealWrite},
		{"flag", "func f() { ready = true }", "ready", repeat.RealWrite},
		{"in a literal", "func f() { func() { db, _ = open() }() }", "db", repeat.NoWrite},
		{"by address", "func f() { fill(&db) }", "db", repeat.RealWrite},
		{"deferred", "func f() { defer fill(&db) }", "db", repeat.RealWrite},
		{"given, not its address", "func f() { see(db) }", "db", repeat.NoWrite},

		{"field", "func f(s *store) { s.db, _ = open() }", "s.db", repeat.RealWrite},
		{"field of the receiver", "func (s *store) f() { s.db, _ = open() }", "s.db", repeat.RealWrite},
		{"field of another type", "type two struct{ db *DB }\nfunc f(s *two) { s.db, _ = open() }", "s.db", repeat.NoWrite},
		{"another field", "func f(s *store) { s.dbs = dbs }", "s.db", repeat.NoWrite},
		{"field by address", "func f(s *store) { fill(&s.db) }", "s.db", repeat.RealWrite},
		{"field of a package variable", "var all store\nfunc f() { all.db, _ = open() }", "s.db", repeat.RealWrite},
		{"field of a new value", "func f() *store { d, _ := open(); return &store{db: d} }", "s.db", repeat.RealWrite},

		{"field of a copy", "func (s store) f() { s.db, _ = open(); see(s.db) }", "s.db", repeat.CopyWrite},
		{"field of a copied parameter", "func f(s store) { s.db, _ = open(); see(s.db) }", "s.db", repeat.CopyWrite},
		{"field of a copy that lives on", "func (s store) f() *store { s.db, _ = open(); return &s }", "s.db", repeat.RealWrite},
		{"field of a copy, and of the original", "func f(s store, t *store) { s.db, _ = open(); t.db = s.db }", "s.db", repeat.RealWrite},
	})
}

// TestWriteOnFailure sets apart what is written only when something has failed.
func TestWriteOnFailure(t *testing.T) {
	testWriteTo(t, []writeTest{
		{"on success", "func f() { d, err := open(); if err == nil { db = d } }", "db", repeat.RealWrite},
		{"after success", "func f() { d, err := open(); if err != nil { return }; db = d }", "db", repeat.RealWrite},
		{"on failure", "func f() { d, err := open(); if err != nil { db = d } }", "db", repeat.FailedWrite},
		{"after failure", "func f() { d, err := open(); if err == nil { return }; db = d }", "db", repeat.FailedWrite},
		{"deep in a failure", "func f() { d, err := open(); if err != nil { if cond() { db = d } } }", "db", repeat.FailedWrite},
		{"field of a copy", "func f(s store) { d, err := open(); if err != nil { s.db = d }; see(s.db) }", "s.db", repeat.FailedWrite},
		{"both", "func f() { d, err := open(); if err != nil { db = d } else { db = d } }", "db", repeat.RealWrite},
		{"another condition", "func f() { d, _ := open(); if cond() { db = d } }", "db", repeat.RealWrite},
		{"a known error", "func f() { d, err := open(); if errors.Is(err, errNotReady) { db = d } }", "db", repeat.FailedWrite},
	})
}

// TestWriteToContainers finds what is put into maps, caches and atomic values.
func TestWriteToContainers(t *testing.T) {
	testWriteTo(t, []writeTest{
		{"element", "func f(k string) { dbs[k], _ = open() }", "dbs", repeat.RealWrite},
		{"element of another map", "func f(k string, m map[string]*DB) { m[k], _ = open() }", "dbs", repeat.NoWrite},
		{"element of a field", "func (s *store) f(k string) { s.dbs[k], _ = open() }", "s.dbs", repeat.RealWrite},
		{"element of a field of a copy", "func (s store) f(k string) { s.dbs[k], _ = open() }", "s.dbs", repeat.RealWrite}, // one map
		{"empty map", "func f() { dbs = map[string]*DB{} }", "dbs", repeat.NoWrite},
		{"made map", "func (s *store) f() { s.dbs = make(map[string]*DB) }", "s.dbs", repeat.NoWrite},
		{"filled map", "func f(d *DB) { dbs = map[string]*DB{\"a\": d} }", "dbs", repeat.RealWrite},
		{"map given to a function", "func f() { keep(dbs) }", "dbs", repeat.NoWrite},

		{"sync.Map", "func f(k string, d *DB) { cache.Store(k, d) }", "&cache", repeat.RealWrite},
		{"LoadOrStore", "func f(k string, d *DB) { cache.LoadOrStore(k, d) }", "&cache", repeat.RealWrite},
		{"Load", "func f(k string) { cache.Load(k) }", "&cache", repeat.NoWrite},
		{"Delete", "func f(k string) { cache.Delete(k) }", "&cache", repeat.NoWrite},
		{"atomic pointer", "func f(d *DB) { ptr.Store(d) }", "&ptr", repeat.RealWrite},
		{"atomic pointer is read", "func f() *DB { return ptr.Load() }", "&ptr", repeat.NoWrite},
		{"swapped pointer", "func f(d *DB) { ptr.CompareAndSwap(nil, d) }", "&ptr", repeat.RealWrite},
		{"atomic flag", "func f() { flag.Store(true) }", "&flag", repeat.RealWrite},
		{"atomic number", "func f() { atomic.StoreInt32(&number, 1) }", "&number", repeat.RealWrite},
		{"method that adds", "func f(d *DB) { known.Add(d) }", "&known", repeat.RealWrite},
		{"method that looks", "func f(d *DB) { known.Has(d) }", "&known", repeat.NoWrite},
		{"cache behind an interface", "func f(d *DB) { box.Put(d) }", "box", repeat.RealWrite},
		{"by another name", "func f(k string, d *DB) { box.SetDefault(k, d) }", "box", repeat.RealWrite},
		{"looks behind an interface", "func f(d *DB) { box.Look(d) }", "box", repeat.NoWrite},
	})
}

// TestEvicted finds what takes elements out of a container, or counts them.
func TestEvicted(t *testing.T) {
	for _, test := range []struct {
		name, f, at string
		want        bool
	}{
		{"nothing", "func f(k string) { see(dbs[k]) }", "dbs", false},
		{"delete", "func f(k string) { delete(dbs, k) }", "dbs", true},
		{"delete from another map", "func f(k string, m map[string]*DB) { delete(m, k) }", "dbs", false},
		{"clear", "func f() { clear(dbs) }", "dbs", true},
		{"len", "func f() int { return len(dbs) }", "dbs", true},
		{"range", "func f() { for _, d := range dbs { see(d) } }", "dbs", false},
		{"field", "func (s *store) f(k string) { delete(s.dbs, k) }", "s.dbs", true},
		{"deferred", "func f(k string) { defer delete(dbs, k) }", "dbs", true},
		{"sync.Map", "func f(k string) { cache.Delete(k) }", "&cache", true},
		{"LoadAndDelete", "func f(k string) { cache.LoadAndDelete(k) }", "&cache", true},
		{"CompareAndDelete", "func f(k string, d *DB) { cache.CompareAndDelete(k, d) }", "&cache", true},
		{"Clear", "func f() { cache.Clear() }", "&cache", true},
		{"Load", "func f(k string) { cache.Load(k) }", "&cache", false},
		{"Store", "func f(k string, d *DB) { cache.Store(k, d) }", "&cache", false},
		{"a function value", "func f(g func(map[string]*DB)) { g(dbs) }", "dbs", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			fn, at := placed(t, test.f, test.at)
			if got := repeat.Evicted(fn, at); got != test.want {
				t.Errorf("evicted: %v, want %v\n%s", got, test.want, test.f)
			}
		})
	}
}
