// Package construct finds what builds pools and connections, and whether that happens again and again: each [Construction] is kept
// for the next call, stands at a place that runs again, or belongs to whoever calls the function around it.
//
// It does not know which limits a pool has, and what is taken from it.
package construct

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/poolvet/poolvet/analyzer/internal/catalog"
	"github.com/poolvet/poolvet/analyzer/internal/diag"
	"github.com/poolvet/poolvet/analyzer/internal/fact"
	"github.com/poolvet/poolvet/analyzer/internal/program"
	"github.com/poolvet/poolvet/analyzer/internal/release"
	"github.com/poolvet/poolvet/analyzer/internal/runs"
)

// Construction is a call that builds, by itself or in what it calls.
type Construction struct {
	Call  ssa.CallInstruction
	Row   *catalog.Row // nil for a call of the program's own function
	Build fact.Build
	Given string // the function that the callee is given and runs, if that is what builds

	Again    *runs.Again   // why it runs again and again; nil if it runs once, as far as is known
	Broken   *Broken       // how it fails to keep what it builds; nil if it does not try to, or does
	Unclosed *Unclosed     // how main does not close it; nil if it does, or somebody else may
	Site     *release.Site // what becomes of the result; nil if the caller gets none

	inner  bool   // it happens in a literal that the call runs or is given: the literal has it too
	onceBy string // what is to see that it happens once, though it is new on each call: "sync.Once"
}

// maxBuilds bounds how many ways to build are told of one function. One is enough for a finding.
const maxBuilds = 2

// Builder finds what the functions of a package build.
type Builder struct {
	*runs.Index
	paths *release.Paths
	known map[*ssa.Function]*builtBy
}

// builtBy is what one function builds.
type builtBy struct {
	all    []*Construction
	builds []fact.Build // each time it is called; without what is reported in the function itself
}

// New answers the one question that the index has to ask somebody above it, and fills the index.
func New(index *runs.Index, paths *release.Paths) *Builder {
	b := &Builder{Index: index, paths: paths, known: map[*ssa.Function]*builtBy{}}
	index.Find(b.onlyCallee)
	return b
}

// Constructions lists all calls of the package that build, in the order of the functions.
func (b *Builder) Constructions() []*Construction {
	var out []*Construction
	for _, fn := range b.Funcs {
		out = append(out, b.of(fn).all...)
	}
	return append(out, b.registered()...)
}

// of finds what a function builds. In a recursion it returns what is known so far: nothing.
func (b *Builder) of(fn *ssa.Function) *builtBy {
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

// BuildsOf lists what a function builds each time it is called.
func (b *Builder) BuildsOf(fn *ssa.Function) []fact.Build { return b.of(fn).builds }

// returned reports whether the function that builds hands on what it builds.
func (c *Construction) returned() bool { return c.Site != nil && c.Site.Kept }

// judge decides what a construction is: kept for the next call, reported where it stands, or left to whoever calls fn.
func (b *Builder) judge(fn *ssa.Function, c *Construction, by *builtBy) {
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
func (b *Builder) at(call ssa.CallInstruction) []*Construction {
	obj, fn := b.Callee(call)
	if row := b.Cat.Func(obj); row != nil {
		if !row.Builds() || row.Wraps() || b.Embedded(call, row) || b.Wraps(call) {
			return b.inLiterals(call) // no server counts it, or it works on a pool that is there
		}
		return []*Construction{{Call: call, Row: row, Site: b.siteOf(call), Build: fact.Build{
			From: row.Short(), At: b.Place(call.Pos()), Resource: row.Resource, Generated: b.generated(call.Pos()),
		}}}
	}
	var out []*Construction
	for _, build := range b.builtBy(call) {
		if build, ok := b.given(call, build); !ok {
			continue // it is given a pool
		} else if fn != nil && program.InPlace(call, fn) {
			out = append(out, &Construction{Call: call, Build: build, inner: true})
		} else {
			c := &Construction{Call: call, Build: build, Site: b.siteOf(call)}
			c.Build.Chain = append([]string{b.NameOf(call)}, build.Chain...)
			out = append(out, c)
		}
	}
	return append(out[:min(len(out), 1)], b.inLiterals(call)...)
}

// builtBy returns what the callee builds each time it is called.
func (b *Builder) builtBy(call ssa.CallInstruction) []fact.Build {
	obj, fn := b.Callee(call)
	switch {
	case b.Analyzed(fn):
		return b.of(fn).builds
	case call.Common().IsInvoke():
		return b.builtByImplementations(call)
	case obj != nil:
		if f := b.Facts.Func(obj); f != nil {
			return f.Builds
		}
	}
	return nil // a function value
}

// siteOf is what is known of the result of a call, if it is one that is followed.
func (b *Builder) siteOf(call ssa.CallInstruction) *release.Site {
	for _, s := range b.paths.SitesOf(call.Parent()) {
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

// generated reports whether a position is in generated code.
func (b *Builder) generated(pos token.Pos) bool {
	f := diag.File(b.Pass.Files, pos)
	return f != nil && ast.IsGenerated(f)
}
