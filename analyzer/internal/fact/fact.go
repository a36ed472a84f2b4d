// Package fact is what packages tell their importers: what a function leaves with its caller and does to its parameters, what it
// takes, builds, lends, limits and waits for, and which types of a package have such functions. It is data with a text for tests.
//
// It does not know how any of it is found out, and it neither imports nor exports: [Source] is where others ask.
package fact

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/obligation"
)

// Source is where the facts of other packages come from.
type Source interface {
	Func(fn *types.Func) *Func              // nil if nothing is known of it
	Field(field *types.Var) catalog.Setting // the limit that a field of another package's struct becomes
	Package(pkg *types.Package) *Package    // nil if it cannot reach a cataloged library
}

// Package marks a package that can reach a cataloged library. It is what lets all other packages cost nothing: pass.Pkg's
// own imports are exact in every driver, what lies behind them is not.
//
// It also lists the types of the package that have methods with facts. A driver that reads export data does not see the
// unexported ones, and those are what constructors return as interfaces.
type Package struct {
	Types   []ImplType
	Latents []Latent
}

// AFact makes it a fact.
func (*Package) AFact() {}

// String is for tests.
func (*Package) String() string { return "usesDB" }

// Lends reports whether a type of the package holds a connection while it runs what it is given.
func (u *Package) Lends() bool {
	return slices.ContainsFunc(u.Types, func(t ImplType) bool {
		return slices.ContainsFunc(t.Methods, func(m ImplMethod) bool { return m.Fact != nil && len(m.Fact.Lends) > 0 })
	})
}

// ImplType is a type as an interface sees it: its methods by name and signature.
type ImplType struct {
	Name    string
	Methods []ImplMethod
}

// ImplMethod is one method of such a type.
type ImplMethod struct {
	Name, Sig string
	Abstract  bool  // promoted from an embedded interface: what it runs is not known
	Fact      *Func // nil if nothing is known of it
}

// Implements reports whether the type has all methods of the interface and a body for the one named, and what is known of
// that.
func (t ImplType) Implements(m *types.Func, iface *types.Interface) (*Func, bool) {
	var found *Func
	for i := range iface.NumMethods() {
		want := iface.Method(i)
		k := slices.IndexFunc(t.Methods, func(h ImplMethod) bool { return h.Name == want.Name() })
		if k < 0 || t.Methods[k].Sig != Signature(want) {
			return nil, false
		}
		if want.Name() == m.Name() {
			if t.Methods[k].Abstract {
				return nil, false
			}
			found = t.Methods[k].Fact
		}
	}
	return found, true
}

// Func is what other packages need to know of a function.
type Func struct {
	Owned    []Owned
	Effects  []Effect
	Builds   []Build // each time it is called
	Runs     []ParamRun
	Takes    []Take
	Lends    []Lend
	Slow     *Slow // what it waits for, nil for nothing
	Conns    int   // how many connections a call may hold at once
	Limits   *Limits
	NoReturn bool
}

// AFact makes it a fact.
func (*Func) AFact() {}

// String is a readable effect for tests: "owns rows; p0 rows: released".
func (f *Func) String() string {
	var parts []string
	for _, o := range f.Owned {
		parts = append(parts, fmt.Sprintf("owns %s: %s", o.Class.Resource, join(o.Outcomes)))
	}
	for _, e := range f.Effects {
		parts = append(parts, fmt.Sprintf("p%d%s %s: %s", e.Param, e.Path, e.Class.Resource, join(e.Outcomes)))
	}
	for _, b := range f.Builds {
		parts = append(parts, "builds "+b.From)
	}
	for _, k := range f.Takes {
		parts = append(parts, "takes "+k.From)
	}
	for _, l := range f.Lends {
		parts = append(parts, fmt.Sprintf("lends %s to p%d", l.Take.From, l.Param))
	}
	for _, r := range f.Runs {
		parts = append(parts, fmt.Sprintf("runs p%d", r.Param))
	}
	if f.Limits != nil {
		for _, l := range f.Limits.Sets {
			parts = append(parts, fmt.Sprintf("sets %s of p%d", l.Setting, l.Param))
		}
		for _, l := range f.Limits.Limits {
			parts = append(parts, fmt.Sprintf("p%d is %s", l.Param, l.Setting))
		}
	}
	if f.NoReturn {
		parts = append(parts, "never returns")
	}
	return strings.Join(parts, "; ")
}

func join(out []obligation.Outcome) string {
	words := make([]string, len(out))
	for i, o := range out {
		words[i] = o.String()
	}
	return strings.Join(words, ", ")
}

// OfConnections reports whether the fact says anything of connections or pools.
func (f *Func) OfConnections() bool {
	return len(f.Owned)+len(f.Effects)+len(f.Builds)+len(f.Runs)+len(f.Takes)+len(f.Lends) > 0 || f.Limits != nil
}

// Owned is a resource that a call leaves with its caller.
type Owned struct {
	Class    catalog.Class
	Holds    catalog.Holds
	CtxFrees bool     // it ends with the context given to the call
	Ctx      int      // the parameter that is this context, -1 if it is not one
	Parent   int      // the parameter it was taken from, for what occupies a conn or tx; -1 if it is none
	From     string   // the library call that takes it: "(*pgxpool.Pool).Query"
	Methods  []Method // of a result that is an interface: what its methods do with the resource
	Outcomes []obligation.Outcome
}

// Method is what a method of a type does with a resource in it.
type Method struct {
	Name     string
	Path     string // where the resource is
	Outcomes []obligation.Outcome
}

// Effect is what a function does with a resource it is given.
type Effect struct {
	Param    int    // the receiver is number 0
	Path     string // the field of the parameter that has it, empty if it is the parameter itself
	Class    catalog.Class
	Outcomes []obligation.Outcome
}

// Build is a pool, a listener or a connection outside every pool that a function makes each time it is called.
type Build struct {
	From      string // the library call as a user writes it: "pgxpool.New"
	At        string // where that stands: "db.go:12"
	Resource  catalog.Resource
	Chain     []string // the functions on the way to it
	Assumed   bool     // it rests on the implementations of an interface that are visible
	Generated bool     // it stands in generated code: the caller is who builds
	Returned  bool     // the caller gets it
	Params    []int    // the parameters that say which database, the receiver being number 0
	IfNil     int      // only if this parameter is nil, the receiver being number 1; 0: always
}

// ParamRun is how a function runs another that it is given. One that is stored, or run by a sync.Once, is not listed.
type ParamRun struct {
	Param int // the receiver is number 0
	Loop  bool
	Go    bool          // in a goroutine of its own
	Each  bool          // and it starts many of them
	Count int           // as many as this parameter says, the receiver being number 1; 0: none does
	Bound int64         // as many as a constant says; 0: none does
	Entry catalog.Entry // by whoever runs the handler that it is part of
}

// Within is how something is run by a function that is run in turn. The number of goroutines is known if one of the two starts many.
func (r ParamRun) Within(outer ParamRun) ParamRun {
	switch {
	case r.Loop && outer.Loop:
		r.Count, r.Bound = 0, 0
	case outer.Loop:
		r.Count, r.Bound = outer.Count, outer.Bound
	}
	r.Loop, r.Go = r.Loop || outer.Loop, r.Go || outer.Go
	r.Each = r.Each || r.Go && outer.Loop
	return r
}

// Take is a connection that a function takes from a pool while it runs, itself or in what it calls.
type Take struct {
	From    string           // the library call as a user writes it: "Pool.Exec"
	At      string           // where that stands
	Chain   []string         // the functions on the way to it
	Handle  int              // the parameter that is, or leads to, the pool, the receiver being number 0; -1: none
	Ctx     int              // 1 + the parameter that is the context it waits with; or Settled, or ByHandle
	Serial  bool             // the library lets its users wait for each other: what shares a transaction is slow, not wrong
	Busy    bool             // it takes none of its own: the handle is a transaction or a connection, which it occupies
	IfNil   int              // 1 + the parameter that is that transaction, if it may be nil: it then takes one of a pool
	Spawned bool             // in a goroutine that is left behind
	Gated   bool             // it waits for room first: a semaphore, a mutex
	Assumed bool             // it rests on the implementations of an interface that are visible
	What    catalog.Resource // what is left with the caller, or is used
	Kind    string           // the family of the handle: see handle.FamilyOf
	Pool    string           // where the handle is kept: see handle.PathOf
	Idle    bool             // only what is idle: it never waits
	Either  bool             // the handle may be a transaction that the context carries
}

// What a Take says of its context besides a parameter.
const (
	Settled  = 0  // it has a deadline, or is reported where it is made, or nothing is known of it
	ByHandle = -1 // it has none: whether there is a wait depends on the handle
)

// Lend is a connection that a function holds while it runs a function that it is given: its own WithTx(func(tx)).
type Lend struct {
	Param    int    // the function, the receiver being number 0
	Method   string // the method that is run of what it is given; empty if that is a function
	Returned bool   // the function that it returns does so, and Param is a parameter of that one: an iterator over rows
	Take     Take   // the connection
}

// Slow is something in a function that waits for what is outside the program or for another goroutine.
type Slow struct {
	What    string   // what it waits for: "HTTP", "other goroutines"
	From    string   // the call as a user writes it; empty for an operation on a channel
	At      string   // where it stands
	Chain   []string // the functions on the way to it
	Assumed bool     // it rests on the implementations of an interface that are visible
}

// Limits is what other packages need to know of a function's way with limits.
type Limits struct {
	Sets   []ParamSetting // it sets a limit of the pool that it is given
	Limits []ParamSetting // what it is given becomes a limit
	DSNs   []ParamDSN     // what it is given is a connection string

	Constant []int64 // the one number that it always returns; gob loses a pointer to zero
}

// ParamDSN is a parameter that is a connection string, and what reads it.
type ParamDSN struct {
	Param  int
	Parses bool // the keys of pgxpool are read; else they are refused
}

// ParamSetting is a parameter of a function and the limit that it has to do with.
type ParamSetting struct {
	Param   int // the receiver is number 0
	Setting catalog.Setting
	Stored  bool // by way of a field, which other functions may assign too
}

// Latent is a call of a method of an interface while a connection is held, where no implementation of it is visible. It becomes
// a finding where a type is given for the interface whose method takes a connection of the same kind of pool.
type Latent struct {
	Iface  string // full name of the interface
	Method string
	In     string // the function that holds: "Close"
	At     string // where it calls the method
	Kind   string // see handle.FamilyOf
	Pool   string // see handle.PathOf
	What   catalog.Resource
}

// Field says that what is stored in an exported field becomes a limit of a pool.
type Field struct {
	Setting catalog.Setting
}

// AFact makes it a fact.
func (*Field) AFact() {}

// String is for tests.
func (f *Field) String() string { return "is " + f.Setting.String() }
