package summary

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"path/filepath"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/repeat"
)

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

// Construction is a call that builds, by itself or in what it calls.
type Construction struct {
	Call  ssa.CallInstruction
	Row   *catalog.Row // nil for a call of the program's own function
	Build Build
	Given string // the function that the callee is given and runs, if that is what builds

	Again    *Again    // why it runs again and again; nil if it runs once, as far as is known
	Broken   *Broken   // how it fails to keep what it builds; nil if it does not try to, or does
	Unclosed *Unclosed // how main does not close it; nil if it does, or somebody else may
	Site     *Site     // what becomes of the result; nil if the caller gets none

	inner  bool   // it happens in a literal that the call runs or is given: the literal has it too
	onceBy string // what is to see that it happens once, though it is new on each call: "sync.Once"
}

// Again is why a function runs again and again.
type Again struct {
	Kind  AgainKind
	Entry catalog.Entry // AtEntry
	Name  string        // AtEntry: the function that is run; empty for a literal
	Pos   token.Pos     // of the loop's call or go statement, or of the function that is run
	Named bool          // AtEntry: whoever asks names the database
}

// AgainKind is what makes a function run again and again.
type AgainKind uint8

// The kinds of repetition.
const (
	InLoop        AgainKind = iota
	InGoroutines            // a goroutine that is started in a loop
	AtEntry                 // something outside the program runs it
	ByHealthCheck           // its name says so
)

// maxBuilds bounds how many ways to build are told of one function. One is enough for a finding.
const maxBuilds = 2

// builder finds what the functions of a package build.
type builder struct {
	*program
	entries  map[*ssa.Function]catalog.Entry
	uses     map[*ssa.Function]ssa.CallInstruction // what runs a literal, or is given it
	known    map[*ssa.Function]*builtBy
	assigns  map[ssa.Value][]ssa.Value // what is assigned to a package variable or a captured one
	captured map[ssa.Value]ssa.Value   // the variable that a literal captures
	drivers  map[string]bool           // names of drivers that the package registers
	calls    map[token.Pos]ssa.CallInstruction
	runs     map[*ssa.Function][]ParamRun
	closures map[*ssa.Function][]*ssa.MakeClosure
	fields   map[repeat.Location][]ssa.Value // functions that are assigned to a field

	boundsWaits bool // the package sets a timeout for all waits of a pool
}

// builtBy is what one function builds.
type builtBy struct {
	all    []*Construction
	builds []Build // each time it is called; without what is reported in the function itself
}

func newBuilder(p *program) *builder {
	b := &builder{
		program:  p,
		entries:  map[*ssa.Function]catalog.Entry{},
		uses:     map[*ssa.Function]ssa.CallInstruction{},
		known:    map[*ssa.Function]*builtBy{},
		assigns:  map[ssa.Value][]ssa.Value{},
		captured: map[ssa.Value]ssa.Value{},
		drivers:  map[string]bool{},
		calls:    map[token.Pos]ssa.CallInstruction{},
		runs:     map[*ssa.Function][]ParamRun{},
		closures: map[*ssa.Function][]*ssa.MakeClosure{},
		fields:   map[repeat.Location][]ssa.Value{},
	}
	b.findAssigns()
	b.findEntries()
	return b
}

// constructions lists all calls of the package that build, in the order of the functions.
func (b *builder) constructions() []*Construction {
	var out []*Construction
	for _, fn := range b.funcs {
		out = append(out, b.of(fn).all...)
	}
	return append(out, b.registered()...)
}

// of finds what a function builds. In a recursion it returns what is known so far: nothing.
func (b *builder) of(fn *ssa.Function) *builtBy {
	if by := b.known[fn]; by != nil {
		return by
	}
	by := &builtBy{}
	b.known[fn] = by
	for _, block := range fn.Blocks {
		for _, in := range block.Instrs {
			call, ok := in.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for _, c := range b.at(call) {
				b.judge(fn, c, by)
			}
		}
	}
	return by
}

// returned reports whether the function that builds hands on what it builds.
func (c *Construction) returned() bool { return c.Site != nil && c.Site.Kept }

// judge decides what a construction is: kept for the next call, reported where it stands, or left to whoever calls fn.
func (b *builder) judge(fn *ssa.Function, c *Construction, by *builtBy) {
	kept, broken := b.kept(c)
	if c.onceBy != "" {
		broken = &Broken{Kind: LocalOnce, Name: c.onceBy, Pos: c.Call.Common().Pos()}
		c.inner = false
	}
	if broken != nil && !c.inner {
		c.Broken = broken
		by.all = append(by.all, c)
		return
	}
	if kept {
		if !c.inner {
			by.all = append(by.all, c)
		}
		return // built once
	}
	if !c.inner {
		if c.Again == nil {
			c.Again = b.again(fn, c)
		}
		c.Unclosed = b.unclosed(fn, c)
		by.all = append(by.all, c)
	}
	if c.Again == nil && len(by.builds) < maxBuilds && !b.swaps(fn, c) {
		c.Build.Params, c.Build.Returned = b.decisive(fn, c), c.returned()
		by.builds = append(by.builds, c.Build)
	}
}

// at returns what a call builds, in its callee and in the literals that it is given.
func (b *builder) at(call ssa.CallInstruction) []*Construction {
	obj, fn := b.callee(call)
	if row := b.cat.Func(obj); row != nil {
		if !row.Builds() || row.Wraps() || b.embedded(call, row) || b.wraps(call) {
			return b.inLiterals(call) // no server counts it, or it works on a pool that is there
		}
		return []*Construction{{Call: call, Row: row, Site: b.siteOf(call), Build: Build{
			From: row.Short(), At: b.place(call.Pos()), Resource: row.Resource, Generated: b.generated(call.Pos()),
		}}}
	}
	var out []*Construction
	for _, build := range b.buildsOf(call) {
		if build, ok := b.given(call, build); !ok {
			continue // it is given a pool
		} else if fn != nil && inPlace(call, fn) {
			out = append(out, &Construction{Call: call, Build: build, inner: true})
		} else {
			c := &Construction{Call: call, Build: build, Site: b.siteOf(call)}
			c.Build.Chain = append([]string{b.name(call)}, build.Chain...)
			out = append(out, c)
		}
	}
	return append(out[:min(len(out), 1)], b.inLiterals(call)...)
}

// buildsOf returns what the callee builds each time it is called.
func (b *builder) buildsOf(call ssa.CallInstruction) []Build {
	obj, fn := b.callee(call)
	switch {
	case b.analyzed(fn):
		return b.of(fn).builds
	case call.Common().IsInvoke():
		return b.builtByImplementations(call)
	case obj != nil:
		if f := importFact(b.pass, obj); f != nil {
			return f.Builds
		}
	}
	return nil // a function value
}

// siteOf is what is known of the result of a call, if it is one that is followed.
func (b *builder) siteOf(call ssa.CallInstruction) *Site {
	for _, s := range b.info(call.Parent()).sites {
		if s.Call != call {
			continue
		}
		switch s.Class.Resource {
		case catalog.Pool, catalog.Conn, catalog.Listener:
			return s
		}
	}
	return nil
}

// embedded reports whether a constructor is for a database in the process.
func (b *builder) embedded(call ssa.CallInstruction, row *catalog.Row) bool {
	args := call.Common().Args
	if row.Driver > 0 && row.Driver <= len(args) {
		name, ok := stringConst(args[row.Driver-1])
		return ok && (catalog.EmbeddedDriver(name) || b.drivers[name])
	}
	for _, a := range args {
		if m, ok := a.(*ssa.MakeInterface); ok {
			a = m.X
		}
		made, ok := a.(*ssa.Call)
		if !ok {
			continue
		}
		if obj, _ := callee(made); obj != nil && obj.Pkg() != nil && catalog.EmbeddedPackage(obj.Pkg().Path()) {
			return true // gorm.Open(sqlite.Open(…))
		}
	}
	return false
}

// stringConst is the value of a string constant.
func stringConst(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// generated reports whether a position is in generated code.
func (b *builder) generated(pos token.Pos) bool {
	f := diag.File(b.pass.Files, pos)
	return f != nil && ast.IsGenerated(f)
}

// place names a position for other packages.
func (b *builder) place(pos token.Pos) string { return placeOf(b.pass, pos) }

// placeOf names a position for readers of another file: "db.go:12".
func placeOf(pass *analysis.Pass, pos token.Pos) string {
	at := pass.Fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

// name is the callee of a call as its caller writes it.
func (b *builder) name(call ssa.CallInstruction) string {
	if f := diag.File(b.pass.Files, call.Common().Pos()); f != nil {
		if c, _ := diag.CallAt(f, call.Common().Pos()); c != nil {
			return diag.Callee(c)
		}
	}
	if obj, _ := callee(call); obj != nil {
		return obj.Name()
	}
	return "a function"
}
