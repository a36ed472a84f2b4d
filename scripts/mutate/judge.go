package main

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer"
)

// finding is what poolvet reports, without its words: in these a number may change when something else does.
type finding struct {
	rule, file string
	line       int
}

// run analyzes packages and counts the findings in those of the program's own. Two on one line count twice.
func (p *program) run(rules []*analysis.Analyzer, pkgs []*packages.Package, own func(*packages.Package) bool) (map[finding]int, error) {
	graph, err := checker.Analyze(rules, pkgs, nil)
	if err != nil {
		return nil, err
	}
	found := make(map[finding]int)
	for _, act := range graph.Roots {
		if act.Err != nil {
			return nil, fmt.Errorf("%s on %s: %w", act.Analyzer, act.Package, act.Err)
		}
		for _, d := range act.Diagnostics {
			if at := p.fset.Position(d.Pos); own(act.Package) {
				found[finding{act.Analyzer.Name, at.Filename, at.Line}]++
			}
		}
	}
	return found, nil
}

// judge finds out which mutants poolvet reports.
type judge struct {
	p        *program
	rules    []*analysis.Analyzer
	before   map[finding]int // in the unchanged program
	reach    *reach
	all      []*function
	runs     int
	progress func(format string, args ...any)
}

func newJudge(p *program) (*judge, error) {
	rules, err := analyzer.New(analyzer.Options{})
	if err != nil {
		return nil, err
	}
	j := &judge{p: p, rules: rules, all: p.functions()}
	j.reach = newReach(j.all)
	j.before, err = p.run(rules, p.pkgs, func(pkg *packages.Package) bool { return p.own[pkg] })
	return j, err
}

// silent returns the functions in which poolvet finds nothing.
func (j *judge) silent() []*function {
	return slices.DeleteFunc(slices.Clone(j.all), func(fn *function) bool {
		for f := range j.before {
			if j.p.holds(fn, f) {
				return true
			}
		}
		return false
	})
}

// holds reports whether a finding is in a function.
func (p *program) holds(fn *function, f finding) bool {
	file, first, last := p.lines(fn)
	return f.file == file && first <= f.line && f.line <= last
}

// fresh returns the findings that a batch has and the unchanged program has not, sorted.
func (j *judge) fresh(batch []*mutant) ([]finding, error) {
	j.runs++
	edits := make(map[*packages.Package]map[string][]edit)
	changed := make(map[*packages.Package]bool)
	for _, m := range batch {
		if changed[m.in.pkg] = true; edits[m.in.pkg] == nil {
			edits[m.in.pkg] = make(map[string][]edit)
		}
		edits[m.in.pkg][m.pos.Filename] = append(edits[m.in.pkg][m.pos.Filename], m.edits...)
	}
	imports := make(map[string]*types.Package)
	now := make(map[*packages.Package]*packages.Package)
	own := make(map[*packages.Package]bool)
	var roots []*packages.Package
	for _, pkg := range j.p.affected(changed) {
		again, errs := j.p.recheck(pkg, edits[pkg], imports)
		if len(errs) > 0 {
			return nil, fmt.Errorf("a batch does not compile: %v", errs[0])
		}
		for path, imported := range again.Imports {
			if newer := now[imported]; newer != nil {
				again.Imports[path] = newer
			}
		}
		imports[pkg.PkgPath], now[pkg], own[again] = again.Types, again, j.p.own[pkg]
		roots = append(roots, again)
	}
	after, err := j.p.run(j.rules, roots, func(pkg *packages.Package) bool { return own[pkg] })
	if err != nil {
		return nil, err
	}
	var fresh []finding
	for f, n := range after {
		if n > j.before[f] {
			fresh = append(fresh, f)
		}
	}
	slices.SortFunc(fresh, compare)
	return fresh, nil
}

// try analyzes a batch. A finding in a mutated function belongs to its mutant. One elsewhere belongs to the only mutant that it can
// have to do with; if there are several, each is tried alone.
func (j *judge) try(batch []*mutant) error {
	fresh, err := j.fresh(batch)
	if err != nil {
		return err
	}
	unclear := make(map[*mutant]bool)
	for _, f := range fresh {
		suspects := j.suspects(batch, f)
		if len(suspects) == 1 {
			suspects[0].take(f)
			continue
		}
		for _, m := range suspects {
			unclear[m] = true
		}
	}
	for _, m := range batch {
		if !unclear[m] || m.caught != nil {
			continue
		}
		if err := j.try([]*mutant{m}); err != nil {
			return err
		}
	}
	return nil
}

// suspects returns the mutants that a finding may come from.
func (j *judge) suspects(batch []*mutant, f finding) []*mutant {
	if len(batch) == 1 {
		return batch
	}
	for _, m := range batch {
		if j.p.holds(m.in, f) {
			return []*mutant{m}
		}
	}
	in := slices.IndexFunc(j.all, func(fn *function) bool { return j.p.holds(fn, f) })
	var suspects []*mutant
	for _, m := range batch {
		if in >= 0 && j.reach.related(j.all[in].obj, m.in.obj) {
			suspects = append(suspects, m)
		}
	}
	if len(suspects) == 0 {
		return batch // a variable, a generated file
	}
	return suspects
}

// take notes a finding.
func (m *mutant) take(f finding) {
	switch {
	case !slices.Contains(m.operator.rules, f.rule):
		m.other = &f
	case m.caught == nil:
		m.caught = &f
	}
}
