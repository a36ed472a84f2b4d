package main

import (
	"fmt"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/poolvet/poolvet/analyzer"
)

// finding is what poolvet reports, without its words: in these a number may change when something else does.
type finding struct {
	rule, file string
	line       int
}

// judge finds out which mutants poolvet reports.
type judge struct {
	p      *program
	driver *driver
	before map[finding]int // in the unchanged program
	reach  *reach
	all    []*function
}

func newJudge(p *program) (*judge, error) {
	rules, err := analyzer.New(analyzer.Options{})
	if err != nil {
		return nil, err
	}
	j := &judge{p: p, all: p.functions(), before: make(map[finding]int)}
	j.driver = &driver{p: p, rules: rules, known: make(map[*types.Package]*facts)}
	j.reach = newReach(j.all)
	for _, pkg := range p.pkgs {
		found, _, err := j.driver.analyze(pkg, p.own[pkg])
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			j.before[f]++
		}
	}
	return j, nil
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

// fresh returns the findings that a batch has and the unchanged program has not, sorted. A package is analyzed again if it is
// changed, or if one that it imports tells something else of itself than before.
func (j *judge) fresh(batch []*mutant) ([]finding, error) {
	edits := make(map[*packages.Package]map[string][]edit)
	again := make(map[*packages.Package]bool)
	for _, m := range batch {
		if again[m.in.pkg] = true; edits[m.in.pkg] == nil {
			edits[m.in.pkg] = make(map[string][]edit)
		}
		edits[m.in.pkg][m.pos.Filename] = append(edits[m.in.pkg][m.pos.Filename], m.edits...)
	}
	imports := make(map[string]*types.Package) // those that tell something else
	after := make(map[finding]int)
	for _, pkg := range j.p.pkgs {
		if !again[pkg] {
			continue // all is as it was
		}
		changed, errs := j.p.recheck(pkg, edits[pkg], imports)
		if len(errs) > 0 {
			return nil, fmt.Errorf("a batch does not compile: %v", errs[0])
		}
		found, told, err := j.driver.analyze(changed, j.p.own[pkg])
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			after[f]++
		}
		defer delete(j.driver.known, changed.Types)
		if told.sameAs(j.driver.known[pkg.Types]) && !importsOneOf(pkg, imports) {
			continue // nobody else can notice; if its own imports are others, its types are too
		}
		imports[pkg.PkgPath] = changed.Types
		for _, user := range j.p.users[pkg] {
			again[user] = true
		}
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

func importsOneOf(pkg *packages.Package, paths map[string]*types.Package) bool {
	for _, imported := range pkg.Imports {
		if paths[imported.PkgPath] != nil {
			return true
		}
	}
	return false
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
